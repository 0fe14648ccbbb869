import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { ROOT } from '../../support/cli.js';

const CHILD = fileURLToPath(new URL('./product.mjs', import.meta.url));
/** Of CPU time: no command on a small input takes a tenth of it, and other programs add nothing to it. */
const HANG_CPU_MS = 30_000;
/** Of any time, for one that waits without end: much longer, since a busy machine makes all of them wait. */
const HANG_MS = 180_000;
const WATCH_MS = 500;
const MS_PER_TICK = 10;
const HEAP_MB = 192;

export interface Answer {
  /** Null where it hung, or died. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The most memory that its process had meanwhile. */
  readonly peakMb: number;
  /** `hung`, or what its process died of. */
  readonly end: string | null;
}

/** A process that runs commands of the program one after the other, with little memory, under a watchdog. */
export class Product {
  #child: ChildProcess | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  ask(argv: readonly string[]): Promise<Answer> {
    const answer = this.#turn.then(() => this.#ask(argv));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  async #ask(argv: readonly string[]): Promise<Answer> {
    this.#child ??= await start();
    const child = this.#child;
    // by this the kernel counts the peak anew: proc(5), clear_refs
    writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
    child.send({ argv });
    const answer = await answerOf(child);
    if (answer.end !== null) this.close();
    return answer;
  }

  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

async function start(): Promise<ChildProcess> {
  const child = fork(CHILD, [], {
    cwd: ROOT,
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

async function answerOf(child: ChildProcess): Promise<Answer> {
  const nothing = { code: null, stdout: '', stderr: '', peakMb: 0 };
  const over = new AbortController();
  const { signal } = over;
  const last: string[] = [];
  const keep = (chunk: Buffer) => void last.push(String(chunk));
  child.stderr!.on('data', keep);
  const ends = [
    once(child, 'message', { signal }).then(([said]) => ({ ...said, end: null, peakMb: peakMb(child) }) as Answer),
    once(child, 'exit', { signal }).then(([code, by]) => ({
      ...nothing,
      end: `died of ${by ?? code}: ${/^FATAL ERROR.*/m.exec(last.join(''))?.[0] ?? last.join('')}`,
    })),
    untilHung(child, signal).then((end) => ({ ...nothing, end })),
  ];
  try {
    return await Promise.race(ends);
  } finally {
    over.abort();
    child.stderr!.off('data', keep);
    await Promise.allSettled(ends);
  }
}

async function untilHung(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const [began, cpuMs] = [performance.now(), cpuMsOf(child)];
  while (performance.now() - began < HANG_MS && cpuMsOf(child) - cpuMs < HANG_CPU_MS)
    await delay(WATCH_MS, undefined, { signal });
  return `hung, after ${cpuMsOf(child) - cpuMs} ms of CPU time`;
}

/** With all its threads; proc_pid_stat(5). */
function cpuMsOf({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return 0; // it has ended, which is told elsewhere
  }
}

function peakMb({ pid }: ChildProcess): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** As many as the machine has cores for. */
export function products(): readonly Product[] {
  const all = [new Product(), new Product()];
  onTestFinished(() => all.forEach((product) => void product.close()));
  return all;
}

/** Runs a job for each item, as many at a time as the machine has cores for. */
export async function eachOf<T>(
  items: readonly T[],
  workers: number,
  job: (item: T, worker: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (worker: number) => {
    while (next < items.length) await job(items[next++]!, worker);
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
}
