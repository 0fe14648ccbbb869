import { Member } from './member.js';

/** Where readings of processes come from. */
export interface ProcessSource {
  /** A pass over all processes begins. */
  begin(): void;
  /** Reads into the member what it has used, its io before its stat. False if it is gone. */
  read(member: Member): boolean;
  /** Whether it is still there. The member keeps its readings. */
  isThere(member: Member): boolean;
  /** Appends the pids of the children that it has. */
  listChildren(member: Member, pids: number[]): void;
  /** It will not be read again. */
  forget(member: Member): void;
}

/**
 * The target and its descendants. Once a member, a process stays one until it is gone, whoever becomes its parent.
 *
 * The readings of one tick are taken one after the other, while processes end and are waited for. For the sums they must
 * agree: nobody may be counted as living while another's children's counters hold it already, nor as gone while they
 * don't hold it yet. The kernel adds first and removes the process then. So
 *
 * 1. those who may have waited for a member that is gone are read again, after that was seen;
 * 2. members whose parent's children's counters have grown are looked after once more, after the parent was read;
 * 3. both are repeated until nobody more is found gone.
 *
 * One window remains: a member whose parent ends after its reading, and which is itself adopted, ends and is waited for
 * by another member (a subreaper, prctl(2)), all within one pass of a few milliseconds, is counted twice.
 */
export class ProcessTree {
  /** The living, in the order of their pids. */
  living: readonly Member[] = [];
  /** How many members there were so far. */
  started = 1;
  /** In the order in which they were found. */
  readonly #members = new Map<number, Member>();
  readonly #source: ProcessSource;
  readonly #pids: number[] = [];

  /** `root` has been read once. */
  constructor(source: ProcessSource, root: Member) {
    this.#source = source;
    this.#members.set(root.pid, root);
  }

  /** Brings all up to date, and returns those that vanished since. After a throw it may be called again. */
  update(): Member[] {
    const gone: Member[] = [];
    for (const member of this.#members.values()) member.isGone = false;
    this.#source.begin();
    // a Map hands out what is added on the way: children that are found are visited in turn
    for (const member of this.#members.values()) if (this.#read(member, gone)) this.#findChildren(member);
    this.#agree(gone);
    for (const member of gone) this.#forget(member);
    if (gone.length > 0 || this.living.length !== this.#members.size)
      this.living = [...this.#members.values()].sort((a, b) => a.pid - b.pid);
    return gone;
  }

  #read(member: Member, gone: Member[]): boolean {
    const isNew = member.stat === null;
    if (!this.#source.read(member)) {
      if (isNew) this.#forget(member);
      else lose(member, gone);
      return false;
    }
    if (isNew) this.started++;
    member.parent = this.#members.get(member.stat!.ppid) ?? null;
    return true;
  }

  #forget(member: Member): void {
    this.#members.delete(member.pid);
    this.#source.forget(member);
  }

  #findChildren(member: Member): void {
    this.#pids.length = 0;
    this.#source.listChildren(member, this.#pids);
    for (const pid of this.#pids) if (!this.#members.has(pid)) this.#members.set(pid, new Member(pid));
  }

  #agree(gone: Member[]): void {
    let known = 0;
    do {
      const reapers = this.#reapersOf(gone.slice(known));
      known = gone.length;
      for (const reaper of reapers) if (!reaper.isGone) this.#read(reaper, gone);
      for (const member of this.#members.values())
        if (isInDoubt(member) && !this.#source.isThere(member)) lose(member, gone);
    } while (gone.length > known);
  }

  /** Who may have waited for them: the parent, or if that is gone too, anybody. */
  #reapersOf(gone: readonly Member[]): Iterable<Member> {
    if (gone.some(({ parent }) => parent?.isGone)) return this.#members.values();
    return new Set(gone.flatMap(({ parent }) => parent ?? []));
  }
}

function lose(member: Member, gone: Member[]): void {
  member.isGone = true;
  gone.push(member);
}

/** Whether somebody may have waited for it since it was read. */
function isInDoubt({ isGone, parent }: Member): boolean {
  return !isGone && parent !== null && (parent.isGone || parent.stat?.state === 'Z' || parent.hasReaped);
}
