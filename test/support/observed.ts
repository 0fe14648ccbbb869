import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { onlyEpisode, type RunningCli, readRows, startCli, temporaryFolder, until, watch } from './cli.js';
import { TOLERANT } from './tolerant.js';

/** A python script that waits for a line, works, prints "done" and waits for another. */
export function worker(work: string): RunningCli & { readonly pid: number; go(): Promise<void> } {
  const script = `import mmap, os, sys, time\nsys.stdin.readline()\n${work}\nprint('done', flush=True)\nsys.stdin.readline()\n`;
  const child = spawn('/usr/bin/python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const running = watch(child);
  return {
    ...running,
    pid: child.pid!,
    go: () => {
      child.stdin.write('go\n');
      return running.saw(/done/);
    },
  };
}

export interface Recording extends RunningCli {
  readonly folder: string;
  // biome-ignore lint/suspicious/noExplicitAny: rows of any collector
  rows(source: string): any[];
}

/** An episode beside the target, which runs when this resolves. */
export async function recordBeside(target: object, collectors: object, duration = '60s'): Promise<Recording> {
  const [output, folder] = [temporaryFolder(), temporaryFolder()];
  const config = join(folder, '.cis490rc');
  writeFileSync(config, JSON.stringify({ target, duration, collectors, grade: TOLERANT }));
  const running = startCli(['episode', 'start', '--config', config, '--output', output]);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  await running.saw(/phase_started/);
  const episode = onlyEpisode(output);
  const rows = (source: string) => readRows(join(episode, 'telemetry', `${source}.jsonl`));
  return { ...running, folder: episode, rows };
}

/** Until rows have come of which each began after this call. */
export async function untilRowsBeganNow(recording: Recording, source: string): Promise<void> {
  const before = recording.rows(source).length;
  await until(() => recording.rows(source).length >= before + 4);
}

/** The processes of this program that observe that pid. */
export function observersOf(pid: number, program: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        const [name, ...words] = readFileSync(`/proc/${candidate}/cmdline`, 'utf8').split('\0');
        return name!.endsWith(`/${program}`) && words.some((word) => new RegExp(`\\b${pid}\\b`).test(word));
      } catch {
        return false;
      }
    });
}
