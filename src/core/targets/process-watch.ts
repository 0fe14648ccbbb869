import { closeSync, openSync, readSync } from 'node:fs';
import { hasEnded, parseProcessStat } from '../procfs/process-stat.js';

const PERIOD_MS = 100;

/** Watches one process through a kept descriptor, which never shows another one that got the same pid. */
export class ProcessWatch {
  readonly ended: Promise<void>;
  #fd: number;
  #timer: NodeJS.Timeout;
  readonly #bytes = Buffer.alloc(4096);

  /** Throws ENOENT if there is no such process. */
  constructor(pid: number) {
    this.#fd = openSync(`/proc/${pid}/stat`, 'r');
    let onEnd!: () => void;
    this.ended = new Promise((resolve) => (onEnd = resolve));
    this.#timer = setInterval(() => {
      if (this.isAlive()) return;
      this.close();
      onEnd();
    }, PERIOD_MS);
  }

  isAlive(): boolean {
    try {
      const length = readSync(this.#fd, this.#bytes, 0, this.#bytes.length, 0);
      const stat = parseProcessStat(this.#bytes.toString('latin1', 0, length));
      return stat !== null && !hasEnded(stat);
    } catch {
      return false; // ESRCH
    }
  }

  close(): void {
    clearInterval(this.#timer);
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }
}
