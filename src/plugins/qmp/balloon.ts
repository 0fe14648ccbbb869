import { type QmpClient, QmpError } from '../../qmp.js';

/** Where devices with an id are, and those without. */
const FOLDERS = ['/machine/peripheral', '/machine/peripheral-anon'];
const DEVICE = /^child<virtio-balloon/;
const INTERVAL = 'guest-stats-polling-interval';
/** Of the last word to a machine that may not answer any more. */
const RESTORE_MS = 500;

interface Property {
  readonly name: string;
  readonly type: string;
}

/** The machine's balloon device: its driver in the guest tells statistics, whenever QEMU asks it to (docs/virtio-balloon-stats.txt). */
export class Balloon {
  readonly #monitor: QmpClient;
  readonly #path: string;
  /** As it was found; null as long as it is. */
  #formerS: unknown = null;

  private constructor(monitor: QmpClient, path: string) {
    this.#monitor = monitor;
    this.#path = path;
  }

  /** Null if the machine has none; it can't have two. */
  static async find(monitor: QmpClient): Promise<Balloon | null> {
    for (const folder of FOLDERS) {
      const devices = await orNull(monitor.execute<readonly Property[]>('qom-list', { path: folder }));
      const device = devices?.find(({ type }) => DEVICE.test(type));
      if (device !== undefined) return new Balloon(monitor, `${folder}/${device.name}`);
    }
    return null;
  }

  /** Has the guest asked so often. Whole seconds, from 1. */
  async askEvery(seconds: number): Promise<void> {
    const path = this.#path;
    const former = await this.#monitor.execute('qom-get', { path, property: INTERVAL });
    await this.#monitor.execute('qom-set', { path, property: INTERVAL, value: seconds });
    this.#formerS = former;
  }

  /** Leaves it as it was found. Never throws. */
  async restore(): Promise<void> {
    if (this.#formerS === null) return;
    const set = { path: this.#path, property: INTERVAL, value: this.#formerS };
    this.#formerS = null;
    await this.#monitor.execute('qom-set', set, { timeoutMs: RESTORE_MS }).catch(() => {}); // QEMU is gone, or stopped
  }

  /** The balloon's size and what the guest last told; null if it was unplugged. */
  async read(timeoutMs: number): Promise<readonly [balloon: unknown, guestStats: unknown]> {
    const statistics = { path: this.#path, property: 'guest-stats' };
    return Promise.all([
      orNull(this.#monitor.execute('query-balloon', {}, { timeoutMs })),
      orNull(this.#monitor.execute('qom-get', statistics, { timeoutMs })),
    ]);
  }
}

/** What the monitor refuses is not there. */
async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof QmpError && error.code === 'QMP_ERROR') return null;
    throw error;
  }
}
