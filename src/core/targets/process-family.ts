import { setTimeout as delay } from 'node:timers/promises';
import { listProcesses, newestPid, type ProcessEntry, readEnvironment } from '../procfs/process-list.js';
import { hasEnded, readProcessStat } from '../procfs/process-stat.js';

/** How long a process may take to end by itself. */
const GRACE_MS = 2_000;
const POLL_MS = 5;
/** Rounds of SIGKILL against a family that keeps forking. */
const MAX_ROUNDS = 50;
/** Rounds that the very same outlive: they are not ours to end (sudo), or wait for a disk that does not answer. */
const MAX_SAME_ROUNDS = 3;
/** What forks faster than it can be looked at is missed by one look now and then: several, where something was left. */
const CLOSE_LOOKS = 5;
/** So long, and so often, the newest processes are watched, without a pause, until none of them is a member. */
const CHASE_MS = 10;
const CHASE_LOOKS = 50;
const LONGEST_CHASE_MS = 2_000;
/** Of the newest pids: others start processes meanwhile. */
const NEWEST = 4;
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
  let looks = (await haveEnded(first, GRACE_MS)) ? 1 : CLOSE_LOOKS;
  let [survivors, sameRounds] = ['', 0];
  for (let round = 0; round < MAX_ROUNDS && sameRounds < MAX_SAME_ROUNDS; round++) {
    const rest = findMembers(family, looks);
    for (const member of rest) signal(member, 'SIGKILL');
    killGroup(family); // not before: who is known by its parent alone would be lost with it
    if (!chase(family) && rest.length === 0) return true;
    await haveEnded(rest, GRACE_MS);
    looks = CLOSE_LOOKS;
    const left = rest.map(({ pid, startTimeTicks }) => `${pid} ${startTimeTicks}`).join();
    sameRounds = left !== '' && left === survivors ? sameRounds + 1 : 0;
    survivors = left;
  }
  return findMembers(family, CLOSE_LOOKS).length === 0;
}

function findMembers(family: Family, looks: number): ProcessEntry[] {
  for (let look = 1; look < looks; look++) {
    const members = membersOf(family);
    if (members.length > 0) return members;
  }
  return membersOf(family);
}

/**
 * Reaches all of the leader's group at once, also who is never there when it is looked at. While a group has members
 * nobody gets its number; who got it afterwards has another start time.
 */
function killGroup({ leader }: Family): void {
  if (leader === null) return;
  const bearer = readProcessStat(PROC, leader.pid);
  if (bearer !== null && bearer.startTimeTicks !== leader.startTimeTicks) return;
  try {
    process.kill(-leader.pid, 'SIGKILL');
  } catch {
    // it has no members, or they are not ours to end
  }
}

/**
 * What goes on in a new process each time, from session to session, is in no group, and gone when /proc has been read. But
 * it is always among the newest: these are looked at alone, which takes less time than a fork. Returns whether one was met.
 */
function chase({ marks }: Family): boolean {
  const latest = performance.now() + LONGEST_CHASE_MS;
  let [hasMet, until, looks] = [false, performance.now() + CHASE_MS, 0];
  // time alone would be up, without a look, where the recorder itself gets no processor
  while (performance.now() < until || looks < CHASE_LOOKS) {
    if (hasMet && performance.now() > latest) break;
    const newest = newestPid(PROC);
    looks++;
    for (let pid = newest; pid > newest - NEWEST; pid--) {
      if (pid === process.pid || !hasMarks(pid, marks) || !killNow(pid)) continue;
      [hasMet, until, looks] = [true, performance.now() + CHASE_MS, 0];
    }
  }
  return hasMet;
}

function killNow(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
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
