import { createHash } from 'node:crypto';
import { DestinationError, type EpisodeFile } from '../../index.js';
import type { Answer, Http } from './http.js';

const GONE = new Set([404, 410]);
const STORED = new Set([200, 201, 204]);

/** The digest of what is there, in hex; null if it is not of this size, or not there. */
export function digestOf(http: Http, path: string, bytes: number, signal: AbortSignal): Promise<string | null> {
  return http.ask({ method: 'GET', path, signal }, async (answer) => {
    if (GONE.has(answer.status)) return null;
    if (answer.status !== 200) throw answer.refusal();
    const hash = createHash('sha256');
    let read = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      read += chunk.length;
      if (read > bytes) return null;
      hash.update(chunk);
    }
    return read === bytes ? hash.digest('hex') : null;
  });
}

/** As large as a marker may be here. */
const MARKER_LIMIT_BYTES = 64 << 20;

/** All of a file that is not large; null if it is not there. */
export function contentOf(
  http: Http,
  path: string,
  signal: AbortSignal,
  limit = MARKER_LIMIT_BYTES,
): Promise<Buffer | null> {
  return http.ask({ method: 'GET', path, signal }, async (answer) => {
    if (GONE.has(answer.status)) return null;
    if (answer.status !== 200) throw answer.refusal();
    return bodyOf(answer, limit, http.urlOf(path));
  });
}

/** A body that is held in memory, and so has a limit. */
export async function bodyOf({ body }: Answer, limit: number, url: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let read = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    read += chunk.length;
    if (read > limit) throw new DestinationError('lasting', `the answer of ${url} is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Sends a file as it is read. What reading throws comes out as it is, whatever becomes of the request by it; and when this
 * ends, so has the reading.
 */
export async function store(
  http: Http,
  path: string,
  { bytes }: EpisodeFile,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const reading: { failure?: { readonly error: unknown } } = {};
  const body = watched(content, reading);
  const headers = { 'content-length': String(bytes), 'content-type': 'application/octet-stream' };
  try {
    await http.ask({ method: 'PUT', path, signal, headers, body }, (answer) => {
      if (!STORED.has(answer.status)) throw answer.refusal();
    });
  } catch (error) {
    await body.return();
    throw reading.failure === undefined ? error : reading.failure.error;
  }
}

async function* watched(
  content: AsyncIterable<Uint8Array>,
  reading: { failure?: { readonly error: unknown } },
): AsyncGenerator<Uint8Array, void> {
  try {
    // the connection may hold it for longer than until the next one is asked for
    for await (const chunk of content) yield Buffer.from(chunk);
  } catch (error) {
    reading.failure = { error };
    throw error;
  }
}
