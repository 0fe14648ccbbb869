import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import S3rver from 's3rver';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../cli.js';

/** The only account that s3rver has; it looks at the key's id alone. */
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };
export const BUCKET = 'episodes';
const OBJECT = '._S3rver_object';

/** Answers in place of the server, or changes the request and returns false. */
type Answer = (request: IncomingMessage, response: ServerResponse) => boolean;

/** An s3rver of its own, with one bucket; it is gone after the test. */
export class S3Server {
  /** Its URL. */
  address = '';
  /** "PUT /bucket/key?query", in the order in which they came. */
  readonly requests: string[] = [];
  answer: Answer = () => false;
  readonly #folder: string;
  readonly #s3rver: S3rver;
  #server: Server | null = null;
  #port = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#s3rver = new S3rver({
      directory: folder,
      silent: true,
      vhostBuckets: false,
      configureBuckets: [{ name: BUCKET }],
    });
  }

  static async start(): Promise<S3Server> {
    const server = new S3Server(temporaryFolder());
    await server.#s3rver.configureBuckets();
    await server.resume();
    onTestFinished(() => server.stop());
    return server;
  }

  /** Listens, where it did before if it did. */
  async resume(): Promise<void> {
    const handle = this.#s3rver.callback();
    this.#server = createServer((request, response) => {
      this.requests.push(`${request.method} ${request.url}`);
      if (!this.answer(request, response)) handle(request, response);
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    this.address = `http://127.0.0.1:${this.#port}`;
  }

  /** As if it were killed: what it has stays. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  /** Every object's content by its key. */
  objects(): Map<string, Buffer> {
    const root = join(this.#folder, BUCKET);
    if (!existsSync(root)) return new Map();
    const entries = readdirSync(root, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(OBJECT));
    return new Map(
      files
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [relative(root, path).slice(0, -OBJECT.length), readFileSync(path)]),
    );
  }

  /** Puts an object there; s3rver takes a request without a signature. */
  async write(key: string, content: Buffer): Promise<void> {
    const path = key.split('/').map(encodeURIComponent).join('/');
    const response = await fetch(`${this.address}/${BUCKET}/${path}`, { method: 'PUT', body: new Uint8Array(content) });
    if (!response.ok) throw new Error(`${key}: ${response.status} ${await response.text()}`);
  }
}

/** How S3 tells an error. */
export function refuse(response: ServerResponse, status: number, code: string): true {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>told</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
  return true;
}
