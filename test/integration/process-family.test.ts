import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { startTimeTicks } from '../../src/core/procfs/process-stat.js';
import { endFamily } from '../../src/core/targets/process-family.js';
import { isAlive, until } from '../support/cli.js';

function group(env: NodeJS.ProcessEnv = {}) {
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore', env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child as typeof child & { pid: number };
}

const nobody = { CIS490_TEST_MARK: 'borne by nobody' };

test('a stranger that got the pid of a leader is left alone, and so is its group', async () => {
  const stranger = group();
  expect(await endFamily({ leader: { pid: stranger.pid, startTimeTicks: 1n }, marks: nobody })).toBe(true);
  expect(isAlive(stranger.pid)).toBe(true);
});

test('the leader itself is ended', async () => {
  const leader = group();
  const family = { leader: { pid: leader.pid, startTimeTicks: startTimeTicks('/proc', leader.pid) }, marks: nobody };
  expect(await endFamily(family)).toBe(true);
  expect(isAlive(leader.pid)).toBe(false);
});

test('what bears the marks is ended wherever it is', async () => {
  const marks = { CIS490_TEST_MARK: `of ${process.pid}` };
  const [marked, other] = [group(marks), group()];
  await until(() => isAlive(marked.pid));
  expect(await endFamily({ leader: null, marks })).toBe(true);
  expect(isAlive(marked.pid)).toBe(false);
  expect(isAlive(other.pid)).toBe(true);
});
