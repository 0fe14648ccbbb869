import type { AsyncPolledSampler, CollectorContext, RowOf } from '../../index.js';
import { type QmpClient, QmpError } from '../../qmp.js';
import { Balloon } from './balloon.js';
import { describeEvent } from './events.js';
import type { FIELDS } from './fields.js';
import { connectMonitor, type SocketOptions } from './monitor.js';
import { parseAnswers } from './parser.js';

/** A monitor that takes longer is stopped: this costs the tick, well before the host takes the collector for stuck (2 s). */
const SAMPLE_MS = 1_000;

export interface QmpOptions extends SocketOptions {
  readonly balloon: boolean;
}

/** Asks the monitor, all commands of a sample at once. */
export class QmpCollector implements AsyncPolledSampler<typeof FIELDS> {
  readonly #options: QmpOptions;
  readonly #context: CollectorContext<unknown>;
  #monitor: QmpClient | undefined;
  #balloon: Balloon | null = null;
  #isGone = false;

  constructor(options: QmpOptions, context: CollectorContext<unknown>) {
    this.#options = options;
    this.#context = context;
  }

  async start(): Promise<void> {
    const { target, event, intervalNs } = this.#context;
    // of a machine that the recorder runs, it tells the events itself
    const isToldOfEvents = target?.qmpSocket !== undefined;
    this.#monitor = await connectMonitor(this.#options, target, (told) => {
      if (!isToldOfEvents) event(...describeEvent(told));
    });
    if (!this.#options.balloon) return;
    this.#balloon = await Balloon.find(this.#monitor);
    await this.#balloon?.askEvery(Math.max(1, Math.round(intervalNs / 1e9)));
  }

  async sample(): Promise<RowOf<typeof FIELDS> | null> {
    if (this.#isGone) return null;
    try {
      return await this.#ask(this.#monitor!);
    } catch (error) {
      if (!(error instanceof QmpError) || error.code !== 'QMP_CLOSED') throw error;
      this.#isGone = true;
      this.#context.event('monitor_closed', { reason: error.message });
      return null;
    }
  }

  async stop(): Promise<void> {
    await this.#balloon?.restore();
    this.#monitor?.close();
    await this.#monitor?.closed;
  }

  async #ask(monitor: QmpClient): Promise<RowOf<typeof FIELDS>> {
    const ask = (command: string) => monitor.execute(command, {}, { timeoutMs: SAMPLE_MS });
    const [status, blockstats, cpus, [balloon, guestStats] = [null, null]] = await Promise.all([
      ask('query-status'),
      ask('query-blockstats'),
      ask('query-cpus-fast'),
      this.#balloon?.read(SAMPLE_MS),
    ]);
    return parseAnswers({
      'query-status': status,
      'query-blockstats': blockstats,
      'query-cpus-fast': cpus,
      'query-balloon': balloon,
      'guest-stats': guestStats,
    });
  }
}
