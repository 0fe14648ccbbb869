import { readdirSync } from 'node:fs';
import type { CollectorContext, PolledSampler, RowOf } from '../../index.js';
import { type KeptFile, KeptFiles, readStatRecord, type StatRecord } from '../../procfs.js';
import { FIELDS } from './fields.js';
import { numbersOf, type ThreadRecord, threadRecord } from './parser.js';

type Context = Pick<CollectorContext<unknown>, 'roots' | 'target'>;

/** Of one descriptor per thread; a process may have tens of thousands. */
const KEPT_DESCRIPTORS = 512;
const MAX_THREADS = FIELDS.threads.maxItems;
export const NO_PROCESS = 'it observes one process, and this target has none; use "system" for a whole machine';
const GONE = new Set(['ESRCH', 'ENOENT', 'ENOTDIR']);

/** Reads task/TID/stat of every thread of the target, by descriptors that are kept while the thread lives. */
export class HostThreadsCollector implements PolledSampler<typeof FIELDS> {
  readonly #context: Context;
  readonly #files: KeptFiles;
  readonly #threads = new Map<number, KeptFile>();
  #folder = '';
  /**
   * The first thread bears the process's pid as long as there is a process: it stays a zombie until the last thread is
   * gone, and one that calls execve(2) takes its place. So it tells whether the folder is still the target's.
   */
  #leader: KeptFile = { path: '', fd: -1 };
  #startTime: StatRecord['starttime'] = 0;

  constructor(context: Context) {
    this.#context = context;
    this.#files = new KeptFiles({ limit: KEPT_DESCRIPTORS, procRoot: context.roots.proc });
  }

  start(): void {
    const { roots, target } = this.#context;
    if (target === null || target.pid === null) throw new Error(NO_PROCESS);
    this.#folder = `${roots.proc}/${target.pid}/task`;
    this.#leader = { path: `${this.#folder}/${target.pid}/stat`, fd: -1 };
    const stat = this.#read(this.#leader);
    if (stat === null || (target.startTimeTicks !== null && BigInt(stat.starttime) !== target.startTimeTicks)) {
      this.stop();
      throw Object.assign(new Error(`process ${target.pid} has ended`), { code: 'ESRCH' });
    }
    this.#startTime = stat.starttime;
  }

  sample(): RowOf<typeof FIELDS> | null {
    const leader = this.#read(this.#leader);
    const tids = leader === null || leader.starttime !== this.#startTime ? null : this.#listThreads();
    if (leader === null || tids === null) return null;
    this.#forgetAllBut(tids);
    const listed = tids.slice(0, MAX_THREADS);
    const threads: ThreadRecord[] = [];
    for (const tid of listed) {
      const stat = tid === leader.pid ? leader : this.#readThread(tid);
      if (stat !== null) threads.push(threadRecord(stat));
    }
    const unlisted = tids.length - listed.length;
    return { thread_count: threads.length + unlisted, threads_unlisted: unlisted, threads };
  }

  stop(): void {
    this.#files.closeAll();
    this.#threads.clear();
  }

  #listThreads(): number[] | null {
    try {
      return numbersOf(readdirSync(this.#folder));
    } catch (error) {
      return nullIfGone(error);
    }
  }

  #forgetAllBut(tids: readonly number[]): void {
    if (this.#threads.size === 0) return;
    const living = new Set(tids);
    for (const [tid, file] of this.#threads) {
      if (living.has(tid)) continue;
      this.#files.close(file);
      this.#threads.delete(tid);
    }
  }

  /** Null if the thread has ended since it was listed. */
  #readThread(tid: number): StatRecord | null {
    const file = this.#threads.get(tid) ?? { path: `${this.#folder}/${tid}/stat`, fd: -1 };
    this.#threads.set(tid, file);
    const wasKept = file.fd >= 0;
    const stat = this.#read(file);
    if (stat !== null || !wasKept) return stat;
    this.#files.close(file); // it is listed, so the tid may be another thread's now
    return this.#read(file);
  }

  /** Null if it has ended, or if the text is torn. */
  #read(file: KeptFile): StatRecord | null {
    try {
      const length = this.#files.read(file);
      return readStatRecord(this.#files.bytes, length);
    } catch (error) {
      return nullIfGone(error);
    }
  }
}

function nullIfGone(error: unknown): null {
  if (GONE.has((error as NodeJS.ErrnoException).code ?? '')) return null;
  throw error;
}
