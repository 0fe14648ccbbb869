const NS_PER_US = 1e3;

/** What this process, with all its threads, takes of a CPU from here on; its children are not counted. */
export class CpuMeter {
  readonly #now: () => bigint;
  readonly #cpu = process.cpuUsage();
  readonly #sinceNs: bigint;

  /** `now`: nanoseconds of a clock that is not stepped. */
  constructor(now: () => bigint) {
    this.#now = now;
    this.#sinceNs = now();
  }

  /** 1 is one whole CPU. */
  share(): number {
    const { user, system } = process.cpuUsage(this.#cpu);
    return ((user + system) * NS_PER_US) / Math.max(1, Number(this.#now() - this.#sinceNs));
  }
}
