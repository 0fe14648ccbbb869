import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from '../../../src/core/program/run-program.js';
import { isAlive, until } from '../../support/cli.js';
import { runScript } from '../support/programs.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('its lines, its words and its exit come out', async () => {
  const { program, lines, stderr } = await runScript('echo a; printf "b\\nc"; echo oh >&2; exit 7');
  expect(await program.exited).toEqual({ code: 7, signal: null });
  expect(lines).toEqual(['a', 'b', 'c']);
  expect(stderr()).toBe('oh\n');
});

test('it has no standard input, the environment that it is given, and its folder', async () => {
  const { program, lines } = await runScript('cat; echo $WORD; pwd', { env: { WORD: 'wörd' }, cwd: '/usr' });
  await program.exited;
  expect(lines).toEqual(['wörd', '/usr']);
});

test('a character that is cut between two writes comes out whole', async () => {
  const { program, lines } = await runScript("printf 'k\\303'; sleep 0.05; printf '\\244se\\n'");
  await program.exited;
  expect(lines).toEqual(['käse']);
});

test('a line of more than 1 MiB is dropped, and told', async () => {
  const { program, lines, long } = await runScript('head -c 1048577 /dev/zero; echo; head -c 1048576 /dev/zero; echo');
  await program.exited;
  expect(long).toEqual([1048577]);
  expect(lines.map(({ length }) => length)).toEqual([1048576]);
});

test('all that it printed is passed on before its exit is told', async () => {
  const seen: number[] = [];
  const { program, lines } = await runScript('seq 1 200000', { onExit: () => void seen.push(lines.length) });
  await program.exited;
  expect(seen).toEqual([200000]);
});

test('a program that is not there is told in words', async () => {
  const missing = runProgram({ argv: ['no-such-program'], onLine() {} });
  await expect(missing).rejects.toMatchObject({
    code: 'ENOENT',
    message: 'no program "no-such-program" that can be run',
  });
});

test('stop sends SIGTERM to all of its group, and may be called again', async () => {
  const { program, lines } = await runScript('sleep 600 & echo $!; wait');
  await until(() => lines.length === 1);
  expect(await program.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  expect(await program.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  await until(() => !isAlive(Number(lines[0])));
});

test('stop sends the signal that was asked for', async () => {
  const { program, lines } = await runScript("trap 'echo last; exit 0' INT; echo up; while :; do sleep 0.01; done", {
    stopSignal: 'SIGINT',
  });
  await until(() => lines.length === 1);
  expect(await program.stop()).toEqual({ code: 0, signal: null });
  expect(lines).toEqual(['up', 'last']);
});

test('a program that ignores its signal is killed', async () => {
  const { program, lines } = await runScript("trap '' TERM; echo up; while :; do sleep 0.05; done");
  await until(() => lines.length === 1);
  expect(await program.stop()).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a stop after its end tells how it ended', async () => {
  const { program } = await runScript('exit 3');
  await program.exited;
  expect(await program.stop()).toEqual({ code: 3, signal: null });
});

test('children that keep its output open neither delay its end nor outlive it', async () => {
  const { program, lines } = await runScript("(trap '' TERM; exec sleep 600) & echo $!; exit 0");
  expect(await program.exited).toEqual({ code: 0, signal: null });
  await until(() => !isAlive(Number(lines[0])));
});

test('one that left its group and keeps the output open does not delay its end', async () => {
  const ready = join(temporaryFolder(), 'ready');
  const leaves = `setsid sh -c 'echo $$; : >${ready}; exec sleep 600' &`;
  const { program, lines } = await runScript(`${leaves} until [ -e ${ready} ]; do sleep 0.01; done; exit 0`);
  expect(await program.exited).toEqual({ code: 0, signal: null });
  process.kill(Number(lines[0]), 'SIGKILL');
});
