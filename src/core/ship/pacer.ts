import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

const MS_PER_S = 1000;
/** Of what a limit allows in a second: larger pieces would come in bursts, with a silence between that looks like a dead connection. */
const PIECES_PER_S = 4;

/** One bandwidth limit for everything that is sent: each piece waits until those before it have had their time. */
export class Pacer {
  readonly bytesPerSecond: number | null;
  /** When the next piece may go, in milliseconds of performance.now. */
  #next = 0;

  constructor(bytesPerSecond: number | null) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Cut into pieces that each go when their time has come. Rejects with the signal's reason. */
  async *pace(chunk: Buffer, signal: AbortSignal): AsyncGenerator<Buffer> {
    if (this.bytesPerSecond === null) {
      yield chunk;
      return;
    }
    const length = Math.max(1, Math.floor(this.bytesPerSecond / PIECES_PER_S));
    for (let at = 0; at < chunk.length; at += length) {
      const piece = chunk.subarray(at, at + length);
      await this.#turn(piece.length, signal);
      yield piece;
    }
  }

  /** Time that was not used is lost: after a pause nothing is sent in a burst. */
  async #turn(bytes: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const from = Math.max(now, this.#next);
    this.#next = from + (bytes / this.bytesPerSecond!) * MS_PER_S;
    if (from > now) await delay(from - now, undefined, { signal });
  }
}
