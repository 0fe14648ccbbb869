interface Awaited {
  readonly command: string;
  resolve(value: unknown): void;
  reject(error: Error): void;
  readonly timer: NodeJS.Timeout;
}

/** What was asked of a monitor, and when an answer to it is late. */
export class AwaitedAnswers {
  readonly #awaited = new Map<string, Awaited>();
  readonly #late = new Set<string>();

  /** Rejects with `late()` when the time is over; from then on its answer is dropped. */
  to(id: string, command: string, timeoutMs: number, late: () => Error): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onTime = () => {
        this.#awaited.delete(id);
        this.#late.add(id);
        reject(late());
      };
      this.#awaited.set(id, { command, resolve, reject, timer: setTimeout(onTime, timeoutMs) });
    });
  }

  /** How many were late, and have not come yet. */
  get lateCount(): number {
    return this.#late.size;
  }

  has(id: string): boolean {
    return this.#awaited.has(id);
  }

  /** Who waits for this answer; undefined if it is late, or nobody's. */
  take(id: unknown): Awaited | undefined {
    const key = String(id);
    const awaited = this.#awaited.get(key);
    this.#late.delete(key);
    this.#awaited.delete(key);
    clearTimeout(awaited?.timer);
    return awaited;
  }

  failAll(error: Error): void {
    for (const id of [...this.#awaited.keys()]) this.take(id)?.reject(error);
  }
}
