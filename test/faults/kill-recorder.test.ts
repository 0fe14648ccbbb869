import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { newEpisodeId } from '../../src/core/episode/episode-id.js';
import { plugin, type RunningCli, startCli, temporaryFolder } from '../support/cli.js';
import { counts, inParallel, upTo } from './support/in-parallel.js';
import { episodesIn, expectValid, settle } from './support/judge.js';
import { expectSettledRows, type Missing } from './support/ledger.js';
import { processesWith } from './support/processes.js';
import { pick, SEED, tell } from './support/random.js';
import { withFault } from './support/shim.js';

const AT_ONCE = 3;
const SOURCES = ['ledger_polled', 'ledger_stream'];
/** Long enough that rows get older than a second. */
const PHASES = [
  { name: 'calm', label: 'benign', duration: '1s' },
  { name: 'busy', label: 'malicious', duration: '1200ms', run: ['sleep', `7${SEED}`] },
];

interface Run extends RunningCli {
  readonly folder: string;
  ledger(source: string): string;
}

/** An episode with a command, of which one process leaves its group, a phase's action, and collectors of three kinds. */
function start(output: string, phases: object, env: NodeJS.ProcessEnv = {}): Run {
  const [folder, id] = [temporaryFolder(), newEpisodeId()];
  const ledger = (source: string) => join(folder, `${source}.ledger`);
  const config = join(folder, 'c.json');
  const collectors = Object.fromEntries(
    SOURCES.map((source) => [source, { interval: '10ms', options: { ledger: ledger(source) } }]),
  );
  const target = { type: 'command', argv: ['sh', '-c', `setsid sleep 7${SEED} & sleep 7${SEED}`] };
  const plugins = [plugin('ledger.mjs')];
  writeFileSync(config, JSON.stringify({ target, plugins, phases, collectors: { system: {}, ...collectors } }));
  const running = startCli(['episode', 'start', '--config', config, '--output', output, '--id', id], { env });
  return { ...running, folder: join(output, id), ledger };
}

interface Killed {
  /** Null where there was none yet. */
  readonly folder: string | null;
  readonly missing: readonly Missing[];
  /** Holds the rows against what was measured once more. */
  look(): readonly Missing[];
}

async function killAt(output: string, moment: (running: Run) => Promise<unknown>): Promise<Killed> {
  const running = start(output, PHASES);
  await moment(running);
  const killedNs = process.hrtime.bigint();
  running.child.kill('SIGKILL');
  await running.outcome;
  const { folder, ledger } = running;
  if (!existsSync(folder)) return { folder: null, missing: [], look: () => [] };
  const look = () => SOURCES.map((source) => expectSettledRows(folder, source, ledger(source), killedNs));
  return { folder, missing: look(), look };
}

/** Those that are there are whole, or are made so; in a word each, and how many were not there. */
async function fatesOf(folders: readonly (string | null)[]): Promise<string> {
  const there = folders.filter((folder) => folder !== null);
  return counts([...(await settle(there)), ...folders.filter((folder) => folder === null).map(() => 'never there')]);
}

/** The next start clears what dead recorders have left, and what it records itself is whole. */
async function expectNothingLeft(output: string): Promise<void> {
  const last = start(output, [{ name: 'last', label: 'benign', duration: '100ms' }]);
  expect([0, 3], (await last.outcome).stderr).toContain((await last.outcome).code);
  await expectValid(episodesIn(output));
  expect(processesWith(`7${SEED}`), 'processes that outlived their recorders').toEqual([]);
}

test('kill -9 of the recorder at 100 random moments: every episode is whole, or can be recovered', async () => {
  const output = temporaryFolder();
  const began = performance.now();
  const sealingMs = Math.max(
    ...(await Promise.all(
      upTo(AT_ONCE).map(async () => {
        const { saw, outcome } = start(output, PHASES);
        await saw(/episode_ended/);
        const ended = performance.now();
        await outcome;
        return performance.now() - ended;
      }),
    )),
  );
  const wholeMs = Math.ceil(1.05 * (performance.now() - began));
  const killed = await inParallel(AT_ONCE, upTo(100), (number) =>
    killAt(output, async ({ saw }) => {
      // a third of them while it is being sealed, which would be hit too seldom otherwise
      if (number % 3 === 0) await saw(/episode_ended/);
      await delay(
        number % 3 === 0
          ? pick(`sealing ${number}`, 0, Math.ceil(1.5 * sealingMs))
          : pick(`moment ${number}`, 0, wholeMs),
      );
    }),
  );
  const fates = await fatesOf(killed.map(({ folder }) => folder));
  tell(`kill -9 of the recorder at 100 moments: ${fates}`);
  const numberOf = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(fates)?.[1] ?? 0);
  expect(numberOf('recovered') + numberOf('recovered with a loss')).toBeGreaterThanOrEqual(30);
  expect(numberOf('trusted')).toBeGreaterThanOrEqual(1);
  const missing = killed.flatMap((each) => each.missing);
  // a recovery takes none of the rows that were there; where meta.json had no origin yet, none could be placed before it
  for (const { look, missing: before } of killed)
    for (const [i, { rows }] of look().entries()) expect(rows).toBeGreaterThanOrEqual(before[i]!.rows);
  const sum = (key: 'noted' | 'rows') => missing.reduce((total, each) => total + each[key], 0);
  const oldest = Math.max(...missing.map(({ oldestNs }) => oldestNs)) / 1e6;
  expect(sum('noted')).toBeGreaterThan(0);
  const rows = `${sum('noted')} rows were measured, ${sum('rows')} are there`;
  tell(`kill -9 of the recorder: ${rows}, the oldest that was lost was ${oldest.toFixed(0)} ms old`);
  await expectNothingLeft(output);
});

const CALLS = ['create', 'fsync', 'truncate', 'mkdir', 'unlink', 'rmdir', 'rename'] as const;
const SHORT = [
  { name: 'calm', label: 'benign', duration: '60ms' },
  { name: 'busy', label: 'malicious', duration: '60ms', run: ['sleep', `7${SEED}`] },
];

test('kill -9 of the recorder at each call that changes its folder', async () => {
  const base = temporaryFolder();
  const counting = withFault({ below: base, calls: CALLS, how: 'count' });
  expect([0, 3]).toContain((await start(join(base, 'whole'), SHORT, counting.env).outcome).code);
  const calls = counting.hits();
  expect(calls.at(-1), 'the last call of all').toMatch(/^fsync .*[0-9A-Z]{26}$/);
  const folders = await inParallel(AT_ONCE, calls, async (_call, index) => {
    const output = join(base, String(index)); // of its own: no other run makes or clears a thing in it
    const { env, hits } = withFault({ below: base, calls: CALLS, how: 'kill', from: index + 1, times: 1 });
    const { outcome, folder } = start(output, SHORT, env);
    expect((await outcome).signal).toBe('SIGKILL');
    expect(hits()).toHaveLength(1);
    return existsSync(folder) ? folder : null;
  });
  tell(`kill -9 of the recorder at each of ${calls.length} calls: ${await fatesOf(folders)}`);
  await expectNothingLeft(join(base, 'last'));
});
