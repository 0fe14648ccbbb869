import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { newEpisodeId } from '../../src/core/episode/episode-id.js';
import { type Outcome, readJson, startCli, temporaryFolder } from '../support/cli.js';
import { counts, inParallel, upTo } from './support/in-parallel.js';
import { episodesIn, expectNoStack, settle } from './support/judge.js';
import { processesWith } from './support/processes.js';
import { pick, tell } from './support/random.js';

const STORMS = 48;
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const NAMES = Object.keys(CODES) as (keyof typeof CODES)[];
/** Longer than any end takes: targets are given 2 s, threads 2 s, a blocked thread another one. */
const HANG_MS = 30_000;

interface Storm extends Outcome {
  readonly folder: string;
  readonly sent: readonly (keyof typeof CODES)[];
}

/** From a random moment on a signal every few milliseconds, of any of the three kinds, until the recorder is gone. */
async function storm(output: string, number: number, wholeMs: number): Promise<Storm> {
  const id = newEpisodeId();
  const target = ['sh', '-c', number % 2 === 0 ? 'sleep 600' : 'trap "" TERM INT HUP; while :; do sleep 0.1; done'];
  const args = ['episode', 'start', '--id', id, '--output', output, '--duration', '400ms', '--', ...target];
  const { child, outcome, saw } = startCli(args);
  const sent: Storm['sent'][number][] = [];
  // at any moment, while it records, and while it is being sealed
  if (number % 3 === 0) await delay(pick(`storm ${number}`, 0, wholeMs));
  else await saw(number % 3 === 1 ? /phase_started/ : /episode_ended/);
  const signals = number % 4 === 0 ? 1 : pick(`signals ${number}`, 2, 20);
  for (let index = 0; index < signals && child.exitCode === null && child.signalCode === null; index++) {
    const name = NAMES[pick(`signal ${number} ${index}`, 0, NAMES.length - 1)]!;
    if (child.kill(name)) sent.push(name);
    await delay(pick(`pause ${number} ${index}`, 0, 30));
  }
  const lastResort = setTimeout(() => child.kill('SIGKILL'), HANG_MS);
  const ended = await outcome;
  clearTimeout(lastResort);
  return { ...ended, folder: join(output, id), sent };
}

/** What it did, in a word, after it was held that it says what it did. */
function fateOf({ code, signal, stdout, stderr, folder, sent }: Storm): string {
  expect(signal, `hung: ${stderr}`).not.toBe('SIGKILL');
  expectNoStack({ stdout, stderr });
  const hasMarker = existsSync(join(folder, 'done.marker'));
  const status = hasMarker ? readJson(join(folder, 'done.marker')).status : null;
  // before there are handlers, and when all is done, the system itself ends it
  if (signal !== null) return `ended by the system ${hasMarker ? 'behind' : 'before'} the recording`;
  if (status === 'complete') expect([0, 3, ...sent.map((name) => CODES[name])], stderr).toContain(code);
  else
    expect(
      sent.map((name) => CODES[name]),
      stderr,
    ).toContain(code);
  if (status === null) return existsSync(folder) ? 'ended at once' : 'ended before the recording';
  return status;
}

test('storms of SIGINT, SIGTERM and SIGHUP: the right exit code, no hang, no marker that lies', async () => {
  const output = temporaryFolder();
  const began = performance.now();
  await startCli(['episode', 'start', '--output', output, '--duration', '400ms', '--', 'sleep', '600']).outcome;
  const wholeMs = Math.ceil(1.5 * (performance.now() - began));
  const storms = await inParallel(2, upTo(STORMS), (number) => storm(output, number, wholeMs));
  const fates = storms.map(fateOf);
  const signals = storms.reduce((sum, { sent }) => sum + sent.length, 0);
  tell(`${STORMS} storms of ${signals} signals: ${counts(fates)}`);
  const last = await startCli(['episode', 'start', '--output', output, '--duration', '100ms', '--', 'sleep', '9'])
    .outcome;
  expect([0, 3], last.stderr).toContain(last.code); // it clears what they have left
  tell(`${STORMS} storms, the episodes afterwards: ${counts(await settle(episodesIn(output)))}`);
  for (const { folder } of storms) expect(processesWith(`CIS490_EPISODE=${folder.slice(-26)}`)).toEqual([]);
});
