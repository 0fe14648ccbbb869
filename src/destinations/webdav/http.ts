import type { Agent, Dispatcher } from 'undici';
import type { Address } from './address.js';
import { type Asked, refusal, told } from './trouble.js';

/** For what never comes: a slow link is no trouble as long as something moves on it. In milliseconds. */
export interface Timeouts {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly bodyIdleMs: number;
}

const TIMEOUTS: Timeouts = { connectMs: 10_000, headersMs: 60_000, bodyIdleMs: 60_000 };

export interface Access {
  readonly address: Address;
  readonly token: string | undefined;
  /** The variable it comes from, for hints. */
  readonly tokenEnv: string;
  /** Certificates to trust in the place of the public ones. */
  readonly ca: string | undefined;
}

export interface Request {
  readonly method: string;
  /** From the server's root, percent-encoded. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array>;
}

export interface Answer {
  readonly status: number;
  readonly body: Dispatcher.ResponseData['body'];
  /** The error that this answer is, where it is not the one that was hoped for. */
  refusal(): Error;
}

/** HTTP as the destination needs it: one server, one token, and errors that say what is the matter. Redirects are not followed. */
export class Http {
  readonly address: Address;
  readonly #agent: Agent;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #tokenHint: string;

  private constructor({ address, token, tokenEnv }: Access, agent: Agent) {
    this.address = address;
    this.#agent = agent;
    // content is compared by its bytes: none of it may come compressed
    this.#headers = { 'accept-encoding': 'identity', ...(token && { authorization: `Bearer ${token}` }) };
    this.#tokenHint =
      token === undefined
        ? `No token was sent: ${tokenEnv} is not set`
        : `Is the token in ${tokenEnv} the right one, and may its owner write there?`;
  }

  static async open(access: Access, { connectMs, headersMs, bodyIdleMs }: Timeouts = TIMEOUTS): Promise<Http> {
    const { Agent } = await import('undici');
    const agent = new Agent({
      headersTimeout: headersMs,
      bodyTimeout: bodyIdleMs,
      allowH2: false,
      // said, because NODE_TLS_REJECT_UNAUTHORIZED would turn it off
      connect: { timeout: connectMs, rejectUnauthorized: true, ...(access.ca !== undefined && { ca: access.ca }) },
    });
    return new Http(access, agent);
  }

  urlOf(path: string): string {
    return this.address.origin + path;
  }

  /** Asks, and gives the answer to `take`; what that leaves of its body is thrown away. */
  async ask<T>(request: Request, take: (answer: Answer) => T | Promise<T>): Promise<T> {
    const asked: Asked = { method: request.method, url: this.urlOf(request.path), tokenHint: this.#tokenHint };
    try {
      const response = await this.#send(request);
      try {
        return await take(answerOf(asked, response));
      } finally {
        await response.body.dump().catch(() => {});
      }
    } catch (error) {
      throw request.signal.aborted ? request.signal.reason : told(asked, error);
    }
  }

  #send({ method, path, signal, headers, body }: Request): Promise<Dispatcher.ResponseData> {
    signal.throwIfAborted();
    return this.#agent.request({
      origin: this.address.origin,
      path: path === '' ? '/' : path,
      method,
      headers: { ...this.#headers, ...headers },
      // undici sends any iterable, its types know of streams only
      body: (body ?? null) as Dispatcher.DispatchOptions['body'] & null,
      signal,
    });
  }

  /** Idempotent, never throws. */
  async close(): Promise<void> {
    await this.#agent.destroy().catch(() => {});
  }
}

function answerOf(asked: Asked, { statusCode, headers, body }: Dispatcher.ResponseData): Answer {
  body.on('error', () => {}); // whoever reads it gets the error as well
  const location = headers.location;
  return {
    status: statusCode,
    body,
    refusal: () => refusal(asked, statusCode, typeof location === 'string' ? location : undefined),
  };
}
