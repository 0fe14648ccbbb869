import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { isAlive, until } from '../support/cli.js';

const THREAD = `
  const { parentPort } = require('node:worker_threads');
  import('cis490/program').then(({ runProgram }) => runProgram({
    argv: ['sh', '-c', "trap '' TERM INT; while :; do sleep 0.05; done"],
    onLine() {},
  })).then(({ pid }) => parentPort.postMessage(pid));
`;

test('a program does not outlive the thread that runs it, not even if that is terminated', async () => {
  const thread = new Worker(THREAD, { eval: true });
  const [pid] = (await once(thread, 'message')) as [number];
  expect(isAlive(pid)).toBe(true);
  await thread.terminate();
  await until(() => !isAlive(pid));
});
