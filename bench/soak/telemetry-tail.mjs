import { closeSync, existsSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;
const POLLED = /^\{"t_mono_ns":(\d+),.*?"tick":(\d+),/;
const NS_PER_US = 1e3;

/** Follows a telemetry file as it grows. */
export class TelemetryTail {
  #path;
  #intervalNs;
  #fd = null;
  #buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #rest = '';
  #lastTick = -1;

  constructor(path, intervalNs) {
    this.#path = path;
    this.#intervalNs = intervalNs;
  }

  /** What has come since the last call: bytes, rows, ticks that were left out, and how late each tick was. Rows of a stream have no tick, and none of the latter two. */
  read() {
    const seen = { bytes: 0, rows: 0, missed: 0, latenessUs: [] };
    if (this.#fd === null && existsSync(this.#path)) this.#fd = openSync(this.#path, 'r');
    if (this.#fd === null) return seen;
    for (let length = this.#fill(); length > 0; length = this.#fill()) {
      seen.bytes += length;
      const lines = (this.#rest + this.#buffer.latin1Slice(0, length)).split('\n');
      this.#rest = lines.pop();
      for (const line of lines) this.#look(line, seen);
    }
    return seen;
  }

  #fill() {
    return readSync(this.#fd, this.#buffer);
  }

  #look(line, seen) {
    seen.rows++;
    const match = POLLED.exec(line);
    if (match === null) return;
    const tick = Number(match[2]);
    if (tick === this.#lastTick) return;
    seen.missed += tick - this.#lastTick - 1;
    seen.latenessUs.push((Number(match[1]) - tick * this.#intervalNs) / NS_PER_US);
    this.#lastTick = tick;
  }

  close() {
    if (this.#fd !== null) closeSync(this.#fd);
  }
}
