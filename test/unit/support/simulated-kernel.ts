import { COUNTERS, type Member, READ } from '../../../src/plugins/host-tree/member.js';
import type { ProcessSource } from '../../../src/plugins/host-tree/process-tree.js';

interface Process {
  readonly pid: number;
  /** Null: a process outside of the tree, which waits for all its children at once. */
  parent: Process | null;
  isZombie: boolean;
  isSubreaper: boolean;
  ignoresChildren: boolean;
  readonly own: number[];
  readonly reaped: number[];
}

export const ROOT_PID = 100;

/** Processes that fork, run, end and wait as Linux has it (kernel/exit.c), and the truth about what they have used. */
export class SimulatedKernel implements ProcessSource {
  readonly processes: Process[] = [];
  /** What all of them ever used, by counter. */
  readonly truth: number[] = new Array(COUNTERS).fill(0);
  /** Called before each reading. */
  beforeReading = (): void => {};
  #nextPid = ROOT_PID;

  constructor() {
    this.fork(null);
  }

  fork(parent: Process | null): Process {
    const flags = { isZombie: false, isSubreaper: false, ignoresChildren: parent?.ignoresChildren ?? false };
    const counters = { own: new Array(COUNTERS).fill(0), reaped: new Array(COUNTERS).fill(0) };
    const child: Process = { pid: this.#nextPid++, parent, ...flags, ...counters };
    this.processes.push(child);
    this.run(child, 2, 1); // no process comes to anything without a page fault
    return child;
  }

  run(process: Process, counter: number, amount: number): void {
    process.own[counter]! += amount;
    this.truth[counter]! += amount;
  }

  exit(process: Process): void {
    process.isZombie = true;
    for (const child of this.childrenOf(process)) {
      child.parent = this.#reaperOf(process);
      if (child.isZombie) this.#notifyParent(child);
    }
    this.#notifyParent(process);
  }

  /** waitpid(2) for one that has ended, if there is any. */
  wait(parent: Process): void {
    const child = this.childrenOf(parent).find(({ isZombie }) => isZombie);
    if (child === undefined) return;
    for (let i = 0; i < COUNTERS; i++) parent.reaped[i]! += child.own[i]! + child.reaped[i]!;
    this.#release(child);
  }

  childrenOf(parent: Process): Process[] {
    return this.processes.filter((process) => process.parent === parent);
  }

  #notifyParent(process: Process): void {
    if (process.parent === null || process.parent.ignoresChildren) this.#release(process);
  }

  #reaperOf(process: Process): Process | null {
    let reaper = process.parent;
    while (reaper !== null && (reaper.isZombie || !reaper.isSubreaper)) reaper = reaper.parent;
    return reaper;
  }

  #release(process: Process): void {
    this.processes.splice(this.processes.indexOf(process), 1);
  }

  begin(): void {}

  read(member: Member): boolean {
    this.beforeReading();
    const process = this.#find(member);
    if (process === undefined) return false;
    const { own, reaped, parent, isZombie } = process;
    member.takeIo(own[READ]! + reaped[READ]!, own[READ + 1]! + reaped[READ + 1]!);
    member.take({
      pid: process.pid,
      comm: 'simulated',
      state: isZombie ? 'Z' : 'S',
      ppid: parent?.pid ?? 1,
      utime: own[0]!,
      stime: own[1]!,
      minflt: own[2]!,
      majflt: own[3]!,
      cutime: reaped[0]!,
      cstime: reaped[1]!,
      cminflt: reaped[2]!,
      cmajflt: reaped[3]!,
      numThreads: 1,
      starttime: process.pid,
      vsize: 0,
      rss: 0,
      processor: 0,
    });
    return true;
  }

  isThere(member: Member): boolean {
    this.beforeReading();
    return this.#find(member) !== undefined;
  }

  listChildren(member: Member, pids: number[]): void {
    this.beforeReading();
    const process = this.#find(member);
    if (process !== undefined) pids.push(...this.childrenOf(process).map(({ pid }) => pid));
  }

  forget(): void {}

  #find({ pid }: Member): Process | undefined {
    return this.processes.find((process) => process.pid === pid);
  }
}
