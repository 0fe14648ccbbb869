import { existsSync, readdirSync } from 'node:fs';
import { type KeptFile, KeptFiles, readStatRecord, type StatRecord } from '../../procfs.js';
import type { Member } from './member.js';
import { appendChildren, parseIo } from './parser.js';
import { codeOf, falseIfGone } from './process-gone.js';
import { ProcessScan } from './process-scan.js';
import type { ProcessSource } from './process-tree.js';

/** Three descriptors per process, and one more for each further thread: enough for the trees that are usual. */
const KEPT_DESCRIPTORS = 2048;
const DYING_WAIT_MS = 0.05;
const DYING_WAITS = 200;
const UNREADABLE_IO = new Set(['EACCES', 'EPERM', 'ENOENT']);

interface Files {
  readonly stat: KeptFile;
  readonly io: KeptFile;
  /** Of each thread, by tid: a child is its own thread's child. */
  readonly children: Map<number, KeptFile>;
}

export interface LocalProcessesOptions {
  readonly procRoot: string;
  readonly rootPid: number;
  /** Whether to read io. */
  readonly io: boolean;
}

/** Whether the kernel lists children (CONFIG_PROC_CHILDREN). */
export function listsChildren({ procRoot, rootPid }: Omit<LocalProcessesOptions, 'io'>): boolean {
  return existsSync(`${procRoot}/${rootPid}/task/${rootPid}/children`);
}

/** The processes of this machine's procfs, through kept descriptors. */
export class LocalProcesses implements ProcessSource {
  readonly #procRoot: string;
  readonly #withIo: boolean;
  /** Where the kernel does not list children. */
  readonly #scan: ProcessScan | null;
  readonly #kept: KeptFiles;
  readonly #clock = new Int32Array(new SharedArrayBuffer(4));
  readonly #files = new Map<Member, Files>();

  constructor(options: LocalProcessesOptions) {
    const { procRoot } = options;
    this.#procRoot = procRoot;
    this.#kept = new KeptFiles({ limit: KEPT_DESCRIPTORS, procRoot });
    this.#withIo = options.io;
    this.#scan = listsChildren(options) ? null : new ProcessScan(procRoot);
  }

  begin(): void {
    this.#scan?.refresh();
  }

  /** io goes first: what it holds of a child that was waited for, the children's counters of stat show then. */
  read(member: Member): boolean {
    const { stat, io } = this.#filesOf(member);
    try {
      if (this.#withIo) this.#readIo(member, io);
      const record = this.#readStat(member, stat);
      if (record !== null) member.take(record);
      return record !== null;
    } catch (error) {
      return falseIfGone(error);
    }
  }

  isThere(member: Member): boolean {
    try {
      return this.#readStat(member, this.#filesOf(member).stat) !== null;
    } catch (error) {
      return falseIfGone(error);
    }
  }

  listChildren(member: Member, pids: number[]): void {
    if (this.#scan !== null) {
      pids.push(...this.#scan.childrenOf(member.pid));
      return;
    }
    const { state, numThreads } = member.stat!;
    if (numThreads <= 1 && state === 'Z') return; // a zombie has handed its children on
    const { children } = this.#filesOf(member);
    const tids = numThreads <= 1 ? [member.pid] : this.#listThreads(member);
    for (const tid of tids) this.#appendChildrenOf(member, tid, pids);
    if (children.size > tids.length) this.#closeAllBut(tids, children);
  }

  forget(member: Member): void {
    const files = this.#files.get(member);
    if (files === undefined) return;
    for (const file of [files.stat, files.io, ...files.children.values()]) this.#kept.close(file);
    this.#files.delete(member);
  }

  close(): void {
    this.#kept.closeAll();
    this.#files.clear();
  }

  #filesOf(member: Member): Files {
    const known = this.#files.get(member);
    if (known !== undefined) return known;
    const folder = `${this.#procRoot}/${member.pid}`;
    const files = {
      stat: { path: `${folder}/stat`, fd: -1 },
      io: { path: `${folder}/io`, fd: -1 },
      children: new Map(),
    };
    this.#files.set(member, files);
    return files;
  }

  /** Null if it is gone, or its pid is another process's by now. A torn text leaves things as they were. */
  #readStat({ stat }: Member, file: KeptFile): StatRecord | null {
    const length = this.#kept.read(file);
    const record = readStatRecord(this.#kept.bytes, length);
    if (record === null) return length === 0 ? null : stat;
    if (stat !== null && record.starttime !== stat.starttime) return null;
    return isDying(record) ? this.#awaitEnd(file, record) : record;
  }

  /**
   * In state X a process is being added to its parent's counters, or has been, but is still there (wait_task_zombie and
   * release_task, kernel/exit.c): no reading of the two agrees until it is gone. That is microseconds, if its parent has
   * a processor.
   */
  #awaitEnd(file: KeptFile, { starttime, pid }: StatRecord): null {
    for (let waits = 0; waits < DYING_WAITS; waits++) {
      Atomics.wait(this.#clock, 0, 0, DYING_WAIT_MS);
      const length = this.#kept.read(file);
      const record = readStatRecord(this.#kept.bytes, length);
      if (record === null || record.starttime !== starttime || !isDying(record)) return null;
    }
    throw Object.assign(new Error(`process ${pid} does not come to its end`), { code: 'ETIMEDOUT' });
  }

  #readIo(member: Member, file: KeptFile): void {
    member.hasIo = false;
    try {
      const length = this.#kept.read(file);
      const bytes = parseIo(this.#kept.bytes, length);
      if (bytes !== null) member.takeIo(bytes.read, bytes.written);
    } catch (error) {
      if (!UNREADABLE_IO.has(codeOf(error))) throw error;
    }
  }

  #listThreads({ pid }: Member): number[] {
    try {
      return readdirSync(`${this.#procRoot}/${pid}/task`).map(Number);
    } catch (error) {
      falseIfGone(error);
      return [];
    }
  }

  #appendChildrenOf(member: Member, tid: number, pids: number[]): void {
    const { children } = this.#filesOf(member);
    let file = children.get(tid);
    if (file === undefined) {
      file = { path: `${this.#procRoot}/${member.pid}/task/${tid}/children`, fd: -1 };
      children.set(tid, file);
    }
    try {
      const length = this.#kept.read(file);
      appendChildren(this.#kept.bytes, length, pids);
    } catch (error) {
      falseIfGone(error);
    }
  }

  #closeAllBut(tids: readonly number[], children: Files['children']): void {
    for (const [tid, file] of children) {
      if (tids.includes(tid)) continue;
      this.#kept.close(file);
      children.delete(tid);
    }
  }
}

const isDying = ({ state }: StatRecord): boolean => state === 'X' || state === 'x';
