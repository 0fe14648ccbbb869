import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { newEpisodeId } from '../../../src/core/episode/episode-id.js';
import { startCli } from '../../support/cli.js';
import { TOLERANT } from '../../support/tolerant.js';
import { editText, unfinish } from '../../support/unfinished.js';

/** What is recorded is not what these cases are about. */
export const CONFIG = {
  target: { type: 'command', argv: ['sleep', '20'] },
  phases: [
    { name: 'before', label: 'benign', duration: '200ms' },
    { name: 'after', label: 'malicious', duration: '200ms' },
  ],
  collectors: { host_proc: { interval: '10ms' }, system: { interval: '10ms' } },
  grade: TOLERANT,
};

/** Starts the program with a configuration. */
export function startEpisode(output: string, config: object, env: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'cis490-config-'));
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  const id = newEpisodeId();
  const running = startCli(['episode', 'start', '--config', file, '--output', output, '--id', id], { env });
  void running.outcome.finally(() => rmSync(folder, { recursive: true, force: true }));
  return { ...running, folder: join(output, id) };
}

let recorded: Promise<string> | undefined;

/** As that, with some hundred rows of each source, and with phases that no flush to a slow disk outlasts. */
const RECORDED = {
  ...CONFIG,
  phases: CONFIG.phases.map((phase) => ({ ...phase, duration: '2s' })),
  collectors: { host_proc: { interval: '40ms' }, system: { interval: '40ms' } },
};

/** A whole episode, recorded once per test file; to be copied. */
export function smallEpisode(): Promise<string> {
  recorded ??= (async () => {
    const output = mkdtempSync(join(tmpdir(), 'cis490-small-'));
    afterAll(() => rmSync(output, { recursive: true, force: true }));
    const { outcome, folder } = startEpisode(output, RECORDED);
    const { code, stderr } = await outcome;
    if (code !== 0) throw new Error(stderr);
    return folder;
  })();
  return recorded;
}

/** Makes of an episode what a power cut may leave: no marker, a damaged row, torn lines. */
export function harm(folder: string): void {
  unfinish(folder);
  editText(join(folder, 'telemetry/host_proc.jsonl'), (text) => text.replace(/\n\{"t_mono/, '\n#"t_mono'));
  for (const name of ['telemetry/system.jsonl', 'events.jsonl', 'labels.jsonl'])
    appendFileSync(join(folder, name), '{"t_mono_ns":12');
}
