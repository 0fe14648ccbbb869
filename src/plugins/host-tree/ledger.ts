import { COUNTERS, type Count, excess, type Member, plus, READ } from './member.js';

/**
 * Sums over a tree of processes that never step back and never count twice, though processes end.
 *
 * What a process has used goes to its parent's "children's" counters at the instant when the parent waits for it
 * (wait_task_zombie in kernel/exit.c: cutime, cstime, cminflt, cmajflt, and the children's part of io), and to nobody if
 * the parent ignores SIGCHLD or is not in the tree. The kernel does not tell which it was. So per counter
 *
 *     total = SUM over the living of (own + waited-for children's) + retained
 *
 * where `retained` holds, of those that vanished, what no living member has taken over. Let `need` be the sum of
 * (own + children's) of vanished members at the former tick, and `pool` by how much the children's counters of those who
 * may have waited for them grew since. max(0, need - pool) is retained.
 *
 * - It never counts twice: let W be those of the vanished that were waited for. All that they ever used is in the pool,
 *   so pool >= need of W, and need - pool <= need of the others, which nobody has.
 * - It never steps back: the living have grown by the pool at least, and what is dropped is at most the pool.
 * - It may lose: time of children that nobody saw is in the pool too, and can hide that another was not waited for. So
 *   pools are kept as small as is certain:
 *     - the parent lives: only it can have waited. Need and pool are those of this one family.
 *     - the parent is no member: nobody in the tree can have waited. All is retained.
 *     - the parent vanished too, now or before: the member was waited for by it, and is in what it had used in the end,
 *       or went to a subreaper or to the init of its pid namespace. Any living member may have it, by however many hands:
 *       the need is held against what all families have left over, together.
 *
 * /proc/PID/io has no children's part of its own: a process's own bytes and those of its waited-for children are one
 * number. Its growth is a pool that is too large, which is safe, and is none at all if the process has waited for nobody,
 * which its other children's counters tell.
 *
 * What pools have left over is time of which no reading of its own process told: `unseen`.
 */
export class Ledger {
  /** Of the whole tree, by counter. */
  readonly totals: Count[] = new Array(COUNTERS).fill(0);
  /** The part of the totals that was known from parents alone; USER and SYS only. */
  readonly unseen: Count[] = [0, 0];
  readonly #retained: Count[] = new Array(COUNTERS).fill(0);
  #isFirst = true;

  /** Takes in one tick: who lives, who vanished since the former one. Their readings must agree (see ProcessTree). */
  settle(living: readonly Member[], vanished: readonly Member[]): void {
    for (let counter = 0; counter < COUNTERS; counter++) {
      if (vanished.length > 0 || counter in this.unseen) this.#settleCounter(counter, living, vanished);
      let total = this.#retained[counter]!;
      for (const member of living) total = plus(total, member.used[counter]!);
      this.totals[counter] = total;
    }
    for (const member of living) member.commit();
    this.#isFirst = false;
  }

  #settleCounter(counter: number, living: readonly Member[], vanished: readonly Member[]): void {
    const { needs, orphans, outside } = sortNeeds(counter, vanished);
    let missing = outside;
    let left: Count = 0;
    for (const member of living) {
      const pool = poolOf(member, counter);
      const need = needs.get(member) ?? 0;
      left = plus(left, excess(pool, need));
      missing = plus(missing, excess(need, pool));
    }
    this.#retained[counter] = plus(this.#retained[counter]!, plus(missing, excess(orphans, left)));
    if (counter in this.unseen && !this.#isFirst)
      // the first tick's pools are of all the time before
      this.unseen[counter] = plus(this.unseen[counter]!, excess(left, orphans));
  }
}

interface Needs {
  /** By living parent. */
  readonly needs: ReadonlyMap<Member, Count>;
  /** Of those whose parent vanished too. */
  readonly orphans: Count;
  /** Of those whose parent is no member. */
  readonly outside: Count;
}

function sortNeeds(counter: number, vanished: readonly Member[]): Needs {
  const needs = new Map<Member, Count>();
  let orphans: Count = 0;
  let outside: Count = 0;
  for (const { parent, usedBefore } of vanished) {
    const need = usedBefore[counter]!; // of the former tick, when all readings agreed
    if (parent === null) outside = plus(outside, need);
    else if (parent.isGone) orphans = plus(orphans, need);
    else needs.set(parent, plus(needs.get(parent) ?? 0, need));
  }
  return { needs, orphans, outside };
}

/** What the member may have taken over from children since the former tick. */
function poolOf(member: Member, counter: number): Count {
  if (counter < READ) return excess(member.reaped[counter]!, member.reapedBefore[counter]!);
  return member.hasReaped ? excess(member.used[counter]!, member.usedBefore[counter]!) : 0;
}
