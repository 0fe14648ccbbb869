import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TargetView } from '../core/contract/collector.js';
import { startTimeTicks } from '../core/procfs/process-stat.js';
import { localVantageFacts } from '../core/procfs/vantage-facts.js';
import { FIXTURE_FACTS, type FixtureCase, FixtureMachine } from './fixture-case.js';
import type { Subject } from './subject.js';
import { probeOn, type TrialMachine } from './trial.js';

/** A place to try a collector in, for some ticks. */
export interface TestMachine {
  readonly machine: TrialMachine;
  /** The files below its root, where it has one of its own. */
  readonly fixture: FixtureMachine | null;
  /** Makes the machine what it is at this tick. */
  show(tick: number): void;
}

/** This machine, beside a process. */
export function realMachine({ options }: Subject, pid = process.pid): TrialMachine {
  const target: TargetView = { type: 'pid', pid, startTimeTicks: startTimeTicks('/proc', pid) };
  return { roots: { proc: '/proc', sys: '/sys' }, target, facts: localVantageFacts(), options };
}

/** A captured machine; its programs are found first. Gone when `work` is done. */
export async function onCase<T>(fixture: FixtureCase, work: (place: TestMachine) => Promise<T>): Promise<T> {
  requireExecutables(join(fixture.folder, 'bin'));
  const files = new FixtureMachine();
  const show = (tick: number) => files.show(fixture.frames[Math.min(tick, fixture.frames.length - 1)]!);
  const { target, options } = fixture;
  try {
    return await withPath(`${join(fixture.folder, 'bin')}${delimiter}${process.env.PATH}`, () => {
      show(0);
      return work({ machine: { roots: files.roots, target, facts: FIXTURE_FACTS, options }, fixture: files, show });
    });
  } finally {
    files.close();
  }
}

/** One that could not be run would be passed over for this machine's own program of that name. */
function requireExecutables(folder: string): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : [])
    if ((statSync(join(folder, name)).mode & 0o111) === 0)
      throw new Error(`${join(folder, name)} is not executable; chmod +x it`);
}

/** This machine if the collector can run here, else the first captured one. Throws if there is none. */
export async function onSomeMachine<T>(subject: Subject, work: (place: TestMachine) => Promise<T>): Promise<T> {
  const { status, reason } = await probeOn(subject.collector, realMachine(subject));
  if (status !== 'unavailable') return work({ machine: realMachine(subject), fixture: null, show() {} });
  if (subject.cases[0] !== undefined) return onCase(subject.cases[0], work);
  throw new Error(
    `it can not run here (${reason}), and it has no fixtures; capture some, or give options to try it with`,
  );
}

/** A machine with nothing on it: no file in /proc and /sys, no program in PATH. */
export async function onEmptyMachine<T>({ options }: Subject, work: (machine: TrialMachine) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'cis490-empty-'));
  const roots = { proc: join(root, 'proc'), sys: join(root, 'sys') };
  const target: TargetView = { type: 'pid', pid: 1, startTimeTicks: null };
  try {
    return await withPath(root, () => work({ roots, target, facts: FIXTURE_FACTS, options }));
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function withPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = process.env.PATH;
  process.env.PATH = path;
  try {
    return await work();
  } finally {
    process.env.PATH = before;
  }
}
