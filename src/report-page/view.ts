/** No closer than this: nothing is sampled oftener. */
const LEAST_S = 1e-3;

/** The stretch of time that all charts show. Seconds since the origin. */
export class View {
  from: number;
  to: number;
  readonly end: number;
  readonly #listeners: (() => void)[] = [];
  #isTold = true;

  constructor(end: number) {
    this.end = Math.max(end, LEAST_S);
    this.from = 0;
    this.to = this.end;
  }

  get isWhole(): boolean {
    return this.from === 0 && this.to === this.end;
  }

  /** Told once a frame, however often it changes. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  set(from: number, to: number): void {
    const length = Math.min(this.end, Math.max(LEAST_S, to - from));
    const start = Math.min(this.end - length, Math.max(0, from));
    if (start === this.from && start + length === this.to) return;
    this.from = start;
    this.to = length === this.end ? this.end : start + length;
    this.#tell();
  }

  reset(): void {
    this.set(0, this.end);
  }

  /** By a share of what is seen: later if it is above zero. */
  pan(share: number): void {
    const by = (this.to - this.from) * share;
    this.set(this.from + by, this.to + by);
  }

  /** Above one: closer. */
  zoom(factor: number): void {
    const half = (this.to - this.from) / 2;
    const middle = this.from + half;
    this.set(middle - half / factor, middle + half / factor);
  }

  #tell(): void {
    if (!this.#isTold) return;
    this.#isTold = false;
    requestAnimationFrame(() => {
      this.#isTold = true;
      for (const listener of this.#listeners) listener();
    });
  }
}
