import { setTimeout as delay } from 'node:timers/promises';
import { listProcesses, type ProcessEntry, readEnvironment } from '../procfs/process-list.js';
import { hasEnded, readProcessStat } from '../procfs/process-stat.js';

/** How long a process may take to end by itself. */
const GRACE_MS = 2_000;
const POLL_MS = 5;
/** Rounds of SIGKILL against a family that keeps forking. */
const MAX_ROUNDS = 50;
const PROC = '/proc';

export interface Family {
  /** The process that was started, and with it its process group; null where only the marks are known. */
  readonly leader: { readonly pid: number; readonly startTimeTicks: bigint | null } | null;
  /** Variables that every member inherited, also one that left the group and the tree (`setsid`, a double fork). */
  readonly marks: Readonly<Record<string, string>>;
}

/**
 * Ends a process and all that came of it: SIGTERM, a grace, then SIGKILL until none is left. What has cleared its
 * environment, left its group and outlived its parent can't be found. Returns whether all are gone.
 */
export async function endFamily(family: Family): Promise<boolean> {
  const first = membersOf(family);
  for (const member of first) signal(member, 'SIGTERM');
  // a stopped process can't act on SIGTERM
  for (const member of first) signal(member, 'SIGCONT');
  if ((await haveEnded(first, GRACE_MS)) && membersOf(family).length === 0) return true;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const rest = membersOf(family);
    if (rest.length === 0) return true;
    for (const member of rest) signal(member, 'SIGKILL');
    await haveEnded(rest, GRACE_MS);
  }
  return membersOf(family).length === 0;
}

/**
 * The living members: of the leader's group, below the leader, or marked. A leader that is gone may have left its pid to
 * a stranger, whose children and group are no family; while a group has members, the kernel gives its number to nobody.
 */
function membersOf({ leader, marks }: Family): ProcessEntry[] {
  const all = listProcesses(PROC).filter((entry) => entry.pid !== process.pid && !hasEnded(entry));
  const bearer = leader === null ? undefined : all.find(({ pid }) => pid === leader.pid);
  const isStranger = bearer !== undefined && bearer.startTimeTicks !== leader?.startTimeTicks;
  const root = leader === null || isStranger ? null : leader.pid;
  const family = new Set(root === null ? [] : [root]);
  for (let size = -1; size !== family.size; ) {
    size = family.size;
    for (const { pid, ppid } of all) if (family.has(ppid)) family.add(pid);
  }
  return all.filter((entry) => family.has(entry.pid) || entry.pgrp === root || hasMarks(entry.pid, marks));
}

function hasMarks(pid: number, marks: Readonly<Record<string, string>>): boolean {
  const environment = readEnvironment(PROC, pid);
  return Object.entries(marks).every(([name, value]) => environment.get(name) === value);
}

async function haveEnded(members: readonly ProcessEntry[], withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (members.some(isAlive)) {
    if (performance.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** The same process, not another that got its pid. */
function isAlive({ pid, startTimeTicks }: ProcessEntry): boolean {
  const stat = readProcessStat(PROC, pid);
  return stat !== null && stat.startTimeTicks === startTimeTicks && !hasEnded(stat);
}

function signal(member: ProcessEntry, name: NodeJS.Signals): void {
  if (!isAlive(member)) return;
  try {
    process.kill(member.pid, name);
  } catch {
    // it ended in between, or is not ours to end
  }
}
