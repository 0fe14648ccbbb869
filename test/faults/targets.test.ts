import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { idleProcess, isAlive, until } from '../support/cli.js';
import { called, startedFor } from './support/marked.js';
import { eachOf } from './support/products.js';
import { Random, tell } from './support/random.js';
import { observe, type TargetEnd } from './support/target-episode.js';

const STORM = fileURLToPath(new URL('./support/storm.py', import.meta.url));
const DEATHS = 30;
const AT_ONCE = 3;

/** One way to die, at a moment. */
type Death = (random: Random) => Promise<TargetEnd>;

const DEATHS_OF: Readonly<Record<string, Death>> = {
  async 'a process, at any moment from the start of its recorder'(random) {
    const target = idleProcess();
    const episode = observe(target.pid);
    await delay(random.below(1200));
    target.kill('SIGKILL');
    return episode.ended();
  },
  async 'a command behind its gate, or soon after'(random) {
    const episode = observe(['sleep', '600']);
    await until(() => startedFor(episode.id).length > 0 || episode.child.exitCode !== null);
    await delay(random.below(150));
    for (const pid of startedFor(episode.id)) process.kill(pid, 'SIGKILL');
    return episode.ended();
  },
  async 'a command that ends by itself'(random) {
    return observe(['sh', '-c', `sleep ${random.number() / 2}; exit ${random.below(256)}`]).ended();
  },
  'a command that ends at once': () => observe(['true']).ended(),
  'a command that kills itself at once': () => observe(['sh', '-c', 'kill -SEGV $$']).ended(),
};

test('a target that dies at any moment ends its episode, or keeps it from beginning', async () => {
  const random = new Random('deaths');
  const kinds = Object.entries(DEATHS_OF);
  const [faults, counts] = [[] as string[], {} as Record<string, number>];
  await eachOf([...Array(DEATHS).keys()], AT_ONCE, async (i) => {
    const [kind, die] = kinds[i % kinds.length]!;
    const { code, reason, rows, faults: found } = await die(random);
    const end = reason === null ? `never began (exit ${code})` : `${reason}, ${rows === 0 ? 'no rows' : 'with rows'}`;
    counts[end] = (counts[end] ?? 0) + 1;
    faults.push(...found.map((fault) => `${kind}: ${fault}`));
    if (reason !== null && reason !== 'target_exited') faults.push(`${kind}: ${reason}`);
    if (reason !== null && code !== 0 && code !== 3) faults.push(`${kind}: exit ${code}`);
  });
  tell(`${DEATHS} deaths of a target: ${JSON.stringify(counts)}`);
  expect(faults).toEqual([]);
});

/** A process that a parent which does not wait for it has started. */
async function childOfCareless(script: string): Promise<number> {
  const parent = spawn('sh', ['-c', `${script} & echo $!; exec sleep 600`], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const pid = await new Promise<number>((resolve) => parent.stdout!.once('data', (text) => resolve(Number(text))));
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  return pid;
}

test('a target whose parent does not wait has exited, though it is still listed as a zombie', async () => {
  const pid = await childOfCareless('sleep 600');
  const episode = observe(pid);
  await episode.begun();
  process.kill(pid, 'SIGKILL');
  expect(await episode.ended()).toMatchObject({ reason: 'target_exited', faults: [] });
});

test('a target whose first thread has ended is a zombie that lives: its episode goes on', async () => {
  const python =
    'import ctypes,threading; c=ctypes.CDLL(None); threading.Thread(target=lambda: c.sleep(600)).start(); c.syscall(60,0)';
  const pid = await childOfCareless(`python3 -c '${python}'`);
  // the only thread left is the second one
  await until(() => !isAlive(pid));
  const episode = observe(pid, '1s');
  const end = await episode.ended();
  expect(end).toMatchObject({ reason: 'duration_over', faults: [] });
  process.kill(pid, 'SIGKILL');
});

test.each([
  ['a process', () => idleProcess().pid],
  ['a command', () => ['sleep', '600']],
])('%s that is stopped: its episode goes on, and ends at its time', async (_name, targetOf) => {
  const target = targetOf();
  const episode = observe(target as number | string[], '1s');
  await episode.begun();
  for (const pid of typeof target === 'number' ? [target] : startedFor(episode.id)) process.kill(pid, 'SIGSTOP');
  expect(await episode.ended()).toMatchObject({ reason: 'duration_over', faults: [] });
});

/** Those that do not end themselves are ended when they are at their full number; the others end at once, with many of theirs alive. */
const STORMS: readonly [kind: string, reason: string, least: number][] = [
  ['tree', 'signal', 255],
  ['hydra', 'signal', 21],
  ['daemon', 'signal', 3],
  ['comet', 'target_exited', 0],
  ['sessions', 'target_exited', 0],
];

test.each(STORMS)('a target that forks wildly (%s): none of it is left', async (kind, reason, least) => {
  const word = `cis490-storm-${kind}-${process.pid}`;
  const episode = observe(['python3', STORM, kind, word], '300s');
  onTestFinished(() => called(word).forEach((pid) => void process.kill(pid, 'SIGKILL')));
  await episode.begun();
  if (least > 0) {
    await until(() => called(word).length >= least, 120_000);
    tell(`a storm (${kind}): ${called(word).length} processes when it is ended`);
    episode.child.kill('SIGTERM');
  }
  const { faults, ...end } = await episode.ended();
  tell(`a storm (${kind}): ${end.reason}, ${called(word).length} left`);
  expect(faults).toEqual([]);
  await until(() => called(word).length === 0); // one that was killed a moment ago is still listed
  expect(end).toMatchObject({ reason });
});
