import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { cli, readRows, startCli, temporaryFolder, until } from '../support/cli.js';
import { shippable } from '../support/shippable.js';
import { howMany } from './support/how-many.js';
import { counts, inParallel, upTo } from './support/in-parallel.js';
import { pick, tell } from './support/random.js';
import { type Call, withFault } from './support/shim.js';
import { smallDisk } from './support/small-disk.js';

const CALLS: readonly Call[] = ['create', 'write', 'fsync', 'truncate', 'mkdir', 'unlink', 'rmdir', 'rename'];
const KILLS = howMany(50);
const MANY = howMany(1_000);
const AT_ONCE = 2;

interface Places {
  readonly root: string;
  readonly output: string;
  readonly to: string;
  readonly ids: readonly string[];
}

async function places(count: number): Promise<Places> {
  const root = temporaryFolder();
  const [output, to] = [join(root, 'episodes'), join(root, 'there')];
  mkdirSync(to);
  const ids = (await shippable(output, count)).map((folder) => basename(folder));
  return { root, output, to, ids };
}

const argsOf = ({ output, to }: Pick<Places, 'output' | 'to'>, ...more: string[]) => [
  'ship',
  '--output',
  output,
  '--to',
  to,
  '--json',
  ...more,
];

async function ship(at: Pick<Places, 'output' | 'to'>, ...more: string[]) {
  const { code, stdout, stderr } = await cli(...argsOf(at, ...more));
  expect(stderr).not.toMatch(/^ +at /m);
  return { code, stderr, report: JSON.parse(stdout) };
}

/** Whatever a run was cut off at: no episode is under its id in part, and none is in no place at all. */
async function expectNothingLost({ output, to, ids }: Places): Promise<void> {
  const under = (folder: string) => ids.filter((id) => existsSync(join(folder, id))).map((id) => join(folder, id));
  const there = under(to);
  if (there.length > 0) expect((await cli('episode', 'validate', ...there)).code).toBe(0);
  const hidden = readdirSync(output).filter((name) => name.startsWith('.'));
  for (const id of ids) {
    const isHere = existsSync(join(output, id)) || hidden.some((name) => name.startsWith(`.${id}.leaving`));
    expect(isHere || existsSync(join(to, id)), `${id} is nowhere`).toBe(true);
  }
}

/** After a run that nothing disturbed: each is there once and valid, noted, and nothing else lies about. */
async function expectAllThere({ output, to, ids }: Places, isDeleted: boolean): Promise<void> {
  expect(readdirSync(to).sort()).toEqual([...ids].sort());
  const { code, stdout } = await cli('episode', 'validate', ...ids.map((id) => join(to, id)));
  expect(code, stdout).toBe(0);
  expect(new Set(readRows(join(output, 'shipped.jsonl')).map(({ id }) => id))).toEqual(new Set(ids));
  expect(readdirSync(output).sort()).toEqual([...(isDeleted ? [] : ids), 'shipped.jsonl'].sort());
}

test.each([[[]], [['--delete-after']], [['--compress', 'gzip']]])(
  'kill -9 at each call that changes something, %j: the next run ends it',
  async (flags) => {
    const undisturbed = await places(1);
    const counting = withFault({ below: undisturbed.root, calls: CALLS, how: 'count' });
    await startCli(argsOf(undisturbed, ...flags), { env: counting.env }).outcome;
    const calls = counting.hits();
    expect(calls.length).toBeGreaterThan(20);
    const words = await inParallel(AT_ONCE, calls, async (_call, index) => {
      const at = await places(1);
      const { env, hits } = withFault({ below: at.root, calls: CALLS, how: 'kill', from: index + 1, times: 1 });
      expect((await startCli(argsOf(at, ...flags), { env }).outcome).signal).toBe('SIGKILL');
      expect(hits()).toHaveLength(1);
      await expectNothingLost(at);
      const { code, report, stderr } = await ship(at, ...flags);
      expect(code, stderr).toBe(0);
      await expectAllThere(at, flags.includes('--delete-after'));
      return report.episodes[0]?.state ?? 'nothing left to do';
    });
    tell(`kill -9 of ship ${flags.join(' ')} at each of ${calls.length} calls: ${counts(words)}`);
  },
);

test(`kill -9 at ${KILLS} random moments: every episode arrives once, or is still here`, async () => {
  const words = await inParallel(AT_ONCE, upTo(KILLS), async (index) => {
    const at = await places(4);
    const flags = index % 2 === 0 ? ['--delete-after'] : [];
    const concurrency = String(pick(`at once ${index}`, 1, 4));
    const running = startCli(argsOf(at, ...flags, '--bandwidth', '128KiB', '--concurrency', concurrency));
    if (index % 10 > 0) await until(() => readdirSync(at.to).length > 0);
    await delay(pick(`ship ${index}`, 0, 1_300)); // what is tried is the moment itself
    running.child.kill('SIGKILL');
    await running.outcome;
    await expectNothingLost(at);
    const arrived = at.ids.filter((id) => existsSync(join(at.to, id))).length;
    const { code, stderr } = await ship(at, ...flags);
    expect(code, stderr).toBe(0);
    await expectAllThere(at, flags.length > 0);
    return `with ${arrived} of 4 there`;
  });
  tell(`${KILLS} shippers killed at random: ${counts(words)}`);
});

test('an episode that was published by a run that was killed is on the disk there before the copy here goes', async () => {
  const at = await places(1);
  expect((await ship(at)).code).toBe(0);
  rmSync(join(at.output, 'shipped.jsonl')); // as that run had not come to it
  const { env, hits } = withFault({ below: at.to, calls: ['fsync'], how: 'count' });
  expect((await startCli(argsOf(at, '--delete-after'), { env }).outcome).code).toBe(0);
  expect(hits()).toHaveLength(1);
  await expectAllThere(at, true);
});

test('a full destination: the run stops with a sentence, and goes on when there is room', async () => {
  const disk = smallDisk(2);
  const at = { ...(await places(6)), to: join(disk.path, 'there') };
  mkdirSync(at.to);
  disk.leave(120);
  const full = await ship(at, '--concurrency', '1');
  expect(full.code).toBe(1);
  expect(full.report.stopped).toMatch(/no space left on device/i);
  await expectNothingLost(at);
  disk.makeRoom();
  expect((await ship(at)).code).toBe(0);
  await expectAllThere(at, false);
});

test('a destination that can not be written any more: a sentence, and nothing is lost', async () => {
  const disk = smallDisk(4);
  const at = { ...(await places(2)), to: disk.path };
  disk.setReadOnly(true);
  const { code, stdout } = await cli(...argsOf(at));
  expect(code).toBe(4);
  expect(JSON.parse(stdout).error.message).toMatch(/can not be written to/);
  disk.setReadOnly(false);
  expect((await ship(at)).code).toBe(0);
});

test('no room here for a compressed copy: the run stops, and nothing of the copy is left', async () => {
  const disk = smallDisk(4);
  const [from, to] = [await places(2), temporaryFolder()];
  execFileSync('cp', ['-a', from.output, disk.path]);
  const at = { ...from, output: join(disk.path, 'episodes'), to };
  disk.leave(4);
  const { code, report } = await ship(at, '--compress', 'gzip', '--concurrency', '1');
  expect(code).toBe(1);
  expect(report.stopped).toMatch(/can not be compressed: .*no space left/i);
  expect(report.untried).toBe(1);
  expect(readdirSync(at.output).sort()).toEqual([...at.ids].sort());
  disk.makeRoom();
  expect((await ship(at, '--compress', 'gzip')).code).toBe(0);
});

test('a folder of episodes that can not be written: nothing is sent that could not be noted; a dry run only looks', async () => {
  const disk = smallDisk(4);
  const [from, to] = [await places(1), temporaryFolder()];
  execFileSync('cp', ['-a', from.output, disk.path]);
  const at = { ...from, output: join(disk.path, 'episodes'), to };
  disk.setReadOnly(true);
  const { code, stdout } = await cli(...argsOf(at));
  expect([code, JSON.parse(stdout).error.code]).toEqual([4, 'OUTPUT_UNWRITABLE']);
  expect(readdirSync(to)).toEqual([]);
  for (const flags of [[], ['--compress', 'gzip']])
    expect((await ship(at, '--dry-run', ...flags)).report.episodes[0].state).toBe('would_ship');
});

test.each([1, 4, 9])(
  'an I/O error at the write number %i at the destination passes with another attempt',
  async (from) => {
    const at = await places(2);
    const { env, hits } = withFault({ below: at.to, calls: ['write', 'fsync'], how: 'EIO', from, times: 1 });
    const { code, stdout, stderr } = await startCli(argsOf(at), { env }).outcome;
    expect(hits()).toHaveLength(1);
    expect(code, stderr + stdout).toBe(0);
    expect(stderr).toMatch(/is tried again: .*EIO/);
    await expectAllThere(at, false);
  },
);

test('writes that take half each time are gone on with', async () => {
  const at = await places(1);
  const { env, hits } = withFault({ below: at.to, calls: ['write'], how: 'short' });
  expect((await startCli(argsOf(at), { env }).outcome).code).toBe(0);
  expect(hits().length).toBeGreaterThan(4);
  await expectAllThere(at, false);
});

test.each(['ENOSPC', 'EIO', 'torn'] as const)(
  'shipped.jsonl can not be written (%s): nothing is removed here, and said so',
  async (how) => {
    const at = await places(1);
    const { env } = withFault({ below: at.output, name: 'shipped.jsonl', calls: ['write'], how });
    const { code, stdout } = await startCli(argsOf(at, '--delete-after'), { env }).outcome;
    expect(code).toBe(1);
    expect(JSON.parse(stdout).episodes[0]).toMatchObject({ state: 'failed', is_removed: false });
    expect(existsSync(join(at.output, at.ids[0]!))).toBe(true);
    expect(readFileSync(join(at.output, 'shipped.jsonl'), 'utf8')).toBe('');
    expect((await ship(at, '--delete-after')).code).toBe(0);
    await expectAllThere(at, true);
  },
);

test.each([[[]], [['--delete-after']]])('two shippers at once, %j: each episode arrives once', async (flags) => {
  const at = await places(12);
  const both = await Promise.all([ship(at, ...flags), ship(at, ...flags)]);
  for (const { code, stderr, report } of both) expect(code, stderr + JSON.stringify(report)).toBe(0);
  await expectAllThere(at, flags.length > 0);
  expect(readRows(join(at.output, 'shipped.jsonl'))).toHaveLength(12);
});

test('two machines with copies of the same episodes at one destination: each arrives once', async () => {
  const at = await places(8);
  const other = join(at.root, 'other');
  mkdirSync(other);
  for (const id of at.ids) {
    execFileSync('cp', ['-a', join(at.output, id), other]);
  }
  const both = await Promise.all([ship(at), ship({ output: other, to: at.to })]);
  for (const { code, stderr, report } of both) expect(code, stderr + JSON.stringify(report)).toBe(0);
  await expectAllThere(at, false);
  await expectAllThere({ ...at, output: other }, false);
});

test('three machines with copies of the same episodes, one of them killed: each arrives once, and nothing else is left', async () => {
  for (const round of upTo(4)) {
    const at = await places(8);
    const [one, other, killed] = ['one', 'other', 'killed'].map((name) => ({ ...at, output: join(at.root, name) }));
    for (const { output } of [one!, other!, killed!]) execFileSync('cp', ['-a', at.output, output]);
    const dying = startCli(argsOf(killed!, '--bandwidth', '256KiB'));
    const living = [ship(one!, '--delete-after', '--retries', '0'), ship(other!, '--concurrency', '6')];
    await delay(pick(`three ${round}`, 600, 1_400)); // what is tried is the moment itself
    dying.child.kill('SIGKILL');
    await dying.outcome;
    for (const { code, stderr, report } of await Promise.all([...living, ship(killed!)]))
      expect(code, stderr + JSON.stringify(report)).toBe(0);
    await expectAllThere(one!, true);
    await expectAllThere(other!, false);
    await expectAllThere(killed!, false);
  }
});

test(`${MANY} small episodes: all arrive, once`, async () => {
  const at = await places(MANY);
  const { code, report } = await ship(at, '--concurrency', '16');
  expect(code).toBe(0);
  expect(report.episodes).toHaveLength(MANY);
  expect(readdirSync(at.to).sort()).toEqual([...at.ids].sort());
  expect(readRows(join(at.output, 'shipped.jsonl'))).toHaveLength(MANY);
  const again = await ship(at);
  expect(again.report).toMatchObject({ sent_bytes: 0, stopped: null });
  const sample = at.ids.filter((_, index) => index % 50 === 0).map((id) => join(at.to, id));
  expect((await cli('episode', 'validate', ...sample)).code).toBe(0);
});
