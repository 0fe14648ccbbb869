import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { expect, test } from 'vitest';
import { awaitExec } from '../../../src/core/targets/local-action.js';
import { idleProcess } from '../../support/cli.js';

const SLEEP = realpathSync('/bin/sleep');

test('a wrapper that executes nothing is waited for no longer than the time that it has', async () => {
  expect(await awaitExec(idleProcess().pid, SLEEP, 50)).toBe('waits');
});

test('what runs something else has left it, also where it was looked at once and late', async () => {
  expect(await awaitExec(idleProcess().pid, '/usr/bin/setpriv', -1)).toBe('left');
});

test('a process that is over has ended', async () => {
  const child = spawn(SLEEP, ['600'], { stdio: 'ignore' });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
  expect(await awaitExec(child.pid!, SLEEP)).toBe('ended');
});
