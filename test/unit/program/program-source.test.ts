import { expect, onTestFinished, test } from 'vitest';
import { ProgramSource, type ProgramSourceOptions } from '../../../src/core/program/program-source.js';
import { isAlive, until } from '../../support/cli.js';

function source(script: string, options: Partial<ProgramSourceOptions> = {}) {
  const [lines, deaths] = [[] as string[], [] as string[]];
  const tool = new ProgramSource({
    argv: ['sh', '-c', script],
    onLine: (line) => lines.push(line) > 0 && line !== 'not yet',
    onStderr() {},
    fatal: (reason) => void deaths.push(reason) as never,
    ...options,
  });
  onTestFinished(() => tool.stop());
  return { tool, lines, deaths };
}

test('it is started when a line shows that it is attached', async () => {
  const { tool, lines } = source('echo not yet; echo $$; sleep 600');
  await tool.start();
  expect(lines[0]).toBe('not yet');
  await tool.stop();
  expect(isAlive(Number(lines[1]))).toBe(false);
});

test('an end before that fails the start, with its last words', async () => {
  const { tool, deaths } = source('echo not yet; echo no rights >&2; exit 5');
  await expect(tool.start()).rejects.toThrow('sh ended by itself, with exit code 5: no rights');
  expect(deaths).toEqual([]);
});

test('a program that is not there fails the start, and stop still works', async () => {
  const { tool } = source('', { argv: ['no-such-program'] });
  await expect(tool.start()).rejects.toThrow('no program "no-such-program"');
  await tool.stop();
});

test('an end that nobody asked for is fatal', async () => {
  const { tool, lines, deaths } = source('echo oops >&2; echo $$; exec sleep 600');
  await tool.start();
  process.kill(Number(lines[0]), 'SIGKILL');
  await until(() => deaths.length > 0);
  expect(deaths).toEqual(['sh ended by itself, with SIGKILL: oops']);
});

test('an end because what it observed is gone is not', async () => {
  let ends = 0;
  const { tool, deaths } = source('echo up; sleep 0.05', { isDone: () => true, onEnd: () => void ends++ });
  await tool.start();
  await until(() => ends === 1);
  expect(deaths).toEqual([]);
});

test('stop is no surprise, and needs no start', async () => {
  const { tool, deaths } = source('echo up; sleep 600');
  await tool.stop();
  await tool.start();
  await tool.stop();
  await tool.stop();
  expect(deaths).toEqual([]);
});
