import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { hardExit } from '../../cli/hard-exit.js';
import { inspectFlags } from '../../cli/inspect.js';
import { trialDocument, trialText } from '../../cli/render-trial.js';
import { services } from '../../composition-root.js';
import type { Config } from '../../core/config/config.js';
import { loadConfig } from '../../core/config/load-config.js';
import { makePlan } from '../../core/config/make-plan.js';
import { tryCollector } from '../../core/episode/collector-trial.js';
import { Interruption } from '../../core/episode/interruption.js';
import { CisError } from '../../core/errors/cis-error.js';
import { EXIT } from '../../core/errors/error-table.js';
import { formatDuration, parseDuration } from '../../core/time/duration.js';

export default class CollectorTest extends BaseCommand {
  static override summary =
    'Sample a real target with one collector, print its rows and timing, and fail on any error.';
  static override args = { name: Args.string({ description: 'The collector.', required: true }) };
  static override flags = {
    ...inspectFlags,
    ticks: Flags.integer({ description: 'How many ticks.', default: 5, min: 1, max: 10_000 }),
    interval: Flags.string({ description: 'Time between two ticks.', default: '100ms', helpValue: '100ms' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CollectorTest);
    const { episodes, schemas } = services();
    const cwd = process.cwd();
    const loaded = await loadConfig({ file: flags.config, cwd });
    const { plugins, collectors } = (loaded.raw ?? {}) as Config;
    const source = args.name.slice(args.name.lastIndexOf('#') + 1);
    // a trial is of a process here: a vantage in the file is that of the file's target
    const { vantage: _, ...settings } = { use: args.name, ...collectors?.[args.name] };
    const raw = { ...(plugins && { plugins }), collectors: { [source]: settings } };
    const overrides = {
      targetPid: flags['target-pid'] ?? process.pid,
      interval: flags.interval,
      duration: durationOf(flags.ticks, flags.interval),
    };
    const interruption = new Interruption((exitCode) => void hardExit(exitCode));
    try {
      const plan = (output: string) => makePlan({ loaded: { ...loaded, raw }, flags: overrides, output, cwd, schemas });
      const trial = await tryCollector(episodes, plan, interruption);
      this.finish(trialDocument(trial), trialText(trial), trial.reasons.length === 0 ? EXIT.ok : EXIT.degraded);
    } finally {
      interruption.dispose();
    }
  }
}

function durationOf(ticks: number, interval: string): string {
  const ns = parseDuration(interval);
  if (ns === null)
    throw new CisError('USAGE', `--interval is "${interval}"; it must be like "100ms", "10s", "2m" or "1h"`);
  return formatDuration(ticks * ns);
}
