import { type RowOf, timesExactly } from '../../index.js';
import { FIELDS } from './fields.js';
import type { Ledger } from './ledger.js';
import { type Count, MAJFLT, type Member, MINFLT, plus, READ, SYS, USER, WRITE } from './member.js';

type Row = RowOf<typeof FIELDS>;

const MAX_PROCESSES = FIELDS.processes.maxItems;
const U64_MAX = 2n ** 64n - 1n;

/** `members` in the order of their pids; all of them have been read. */
export function treeRow(
  members: readonly Member[],
  { totals, unseen }: Ledger,
  { started, ended, pageSizeBytes }: { started: number; ended: number; pageSizeBytes: number },
): Row {
  const hasIo = members.every((member) => member.hasIo);
  let threads: Count = 0;
  let pages: Count = 0;
  for (const { stat } of members) {
    threads = plus(threads, stat!.numThreads);
    pages = plus(pages, stat!.rss);
  }
  const listed = members.length <= MAX_PROCESSES ? members : members.slice(0, MAX_PROCESSES);
  return {
    process_count: members.length,
    thread_count: threads,
    rss_bytes: within64(timesExactly(pages, pageSizeBytes)),
    cpu_user_jiffies: within64(totals[USER]!),
    cpu_sys_jiffies: within64(totals[SYS]!),
    minor_faults: within64(totals[MINFLT]!),
    major_faults: within64(totals[MAJFLT]!),
    io_read_bytes: hasIo ? within64(totals[READ]!) : null,
    io_write_bytes: hasIo ? within64(totals[WRITE]!) : null,
    processes_started: started,
    processes_ended: ended,
    unseen_cpu_user_jiffies: within64(unseen[USER]!),
    unseen_cpu_sys_jiffies: within64(unseen[SYS]!),
    processes_unlisted: members.length - listed.length,
    processes: listed.map((member) => processRecord(member, pageSizeBytes)),
  };
}

function processRecord({ pid, stat, used, hasIo }: Member, pageSizeBytes: number): Row['processes'][number] {
  const { starttime, ppid, comm, state, numThreads, utime, stime, cutime, cstime, minflt, majflt, rss } = stat!;
  return {
    pid,
    start_time_jiffies: starttime,
    ppid,
    name: comm,
    state,
    threads: numThreads,
    cpu_user_jiffies: utime,
    cpu_sys_jiffies: stime,
    child_cpu_user_jiffies: cutime,
    child_cpu_sys_jiffies: cstime,
    minor_faults: minflt,
    major_faults: majflt,
    rss_bytes: within64(timesExactly(rss, pageSizeBytes)),
    io_read_bytes: hasIo ? used[READ]! : null,
    io_write_bytes: hasIo ? used[WRITE]! : null,
  };
}

/** A sum of counters near their end stays at the end: more than 64 bits would cost the whole row. */
const within64 = (value: Count): Count => (value > U64_MAX ? U64_MAX : value);
