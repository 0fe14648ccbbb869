import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { newEpisodeId } from '../../../src/core/episode/episode-id.js';
import { type RunningCli, readJson, readRows, startCli, temporaryFolder } from '../../support/cli.js';
import { startedFor } from './marked.js';
import { Product } from './products.js';

export interface TargetEpisode extends RunningCli {
  readonly id: string;
  readonly folder: string;
  /** Once the target is let go, or the episode is over. */
  begun(): Promise<void>;
  /** Waits for the end. What was recorded has to be valid, and nothing that was started may be left. */
  ended(): Promise<TargetEnd>;
}

export interface TargetEnd {
  readonly code: number | null;
  /** Null where nothing was recorded. */
  readonly reason: string | null;
  readonly grade: string | null;
  readonly reasons: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: rows of any shape
  readonly events: readonly any[];
  readonly rows: number;
  /** What should not be: a sentence each. */
  readonly faults: readonly string[];
}

const product = new Product();
afterAll(() => product.close());

const NOTHING = { reason: null, grade: null, reasons: [], events: [], rows: 0 };

/** An episode whose target something happens to: a pid, or the words of a command. */
export function observe(target: number | readonly string[], duration = '60s'): TargetEpisode {
  const [id, output] = [newEpisodeId(), temporaryFolder()];
  const which = typeof target === 'number' ? ['--target-pid', String(target)] : ['--', ...target];
  const flags = ['--id', id, '--output', output, '--duration', duration, '--interval', '20ms'];
  const running = startCli(['episode', 'start', ...flags, ...which]);
  onTestFinished(() => {
    for (const pid of [running.child.pid!, ...startedFor(id)]) endNow(pid);
  });
  const folder = join(output, id);
  return {
    ...running,
    id,
    folder,
    begun: () => running.saw(/phase_started/),
    async ended() {
      const { code, stderr } = await running.outcome;
      const left = startedFor(id).map((pid) => `process ${pid} is left`);
      if (code === 4 && readdirSync(output).length === 0) return { ...NOTHING, code, faults: left };
      const { stdout } = await product.ask(['episode', 'validate', folder]);
      const faults = [...left, ...(stdout.includes(': valid') ? [] : [stdout, stderr])];
      const { end_reason: reason, grade, reasons } = readJson(join(folder, 'done.marker'));
      const events = readRows(join(folder, 'events.jsonl'));
      const rows = readRows(join(folder, 'telemetry/host_proc.jsonl')).length;
      return { code, reason, grade, reasons, events, rows, faults };
    },
  };
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}
