import type { RowOf } from '../../index.js';
import { eventsFor, HARDWARE, SOFTWARE } from './events.js';
import type { FIELDS } from './fields.js';
import type { PerfLine } from './parser.js';

type Row = RowOf<typeof FIELDS>;
type Count = number | bigint | null;
type Lines = ReadonlyMap<string, PerfLine>;

export interface Interval {
  /** Its end, in nanoseconds since perf began. */
  readonly atNs: bigint;
  readonly row: Row;
}

/** Makes a row of the lines of one interval, which share their time stamp. */
export class Intervals {
  readonly #events: ReadonlySet<string>;
  #lines = new Map<string, PerfLine>();
  #atNs = 0n;
  #doneNs = 0n;

  constructor(options: { readonly hardware: boolean }) {
    this.#events = new Set(eventsFor(options));
  }

  /** The interval that this line completes, by being its last or the first of the next; else null. */
  add(line: PerfLine): Interval | null {
    if (line.atNs <= this.#doneNs || !this.#events.has(line.event)) return null;
    const former = this.#lines.size > 0 && line.atNs !== this.#atNs ? this.flush() : null;
    if (line.atNs <= this.#doneNs) return former; // time went back: nothing that perf does
    this.#atNs = line.atNs;
    this.#lines.set(line.event, line);
    return this.#lines.size === this.#events.size ? this.flush() : former;
  }

  /** What there is of an interval that was not completed; null if there is nothing. */
  flush(): Interval | null {
    if (this.#lines.size === 0) return null;
    const interval = { atNs: this.#atNs, row: rowOf(this.#lines, this.#atNs - this.#doneNs) };
    this.#lines = new Map();
    this.#doneNs = this.#atNs;
    return interval;
  }
}

function rowOf(lines: Lines, spanNs: bigint): Row {
  const taskClock = lines.get(SOFTWARE.task_clock_ns);
  const isIdle = taskClock !== undefined && BigInt(taskClock.runNs) === 0n;
  return {
    span_ns: spanNs,
    task_clock_ns: taskClock?.runNs ?? null,
    context_switches: softwareCount(lines.get(SOFTWARE.context_switches)),
    cpu_migrations: softwareCount(lines.get(SOFTWARE.cpu_migrations)),
    page_faults: softwareCount(lines.get(SOFTWARE.page_faults)),
    minor_faults: softwareCount(lines.get(SOFTWARE.minor_faults)),
    major_faults: softwareCount(lines.get(SOFTWARE.major_faults)),
    cycles: hardwareCount(lines.get(HARDWARE.cycles), isIdle),
    instructions: hardwareCount(lines.get(HARDWARE.instructions), isIdle),
    branches: hardwareCount(lines.get(HARDWARE.branches), isIdle),
    branch_misses: hardwareCount(lines.get(HARDWARE.branch_misses), isIdle),
    cache_references: hardwareCount(lines.get(HARDWARE.cache_references), isIdle),
    cache_misses: hardwareCount(lines.get(HARDWARE.cache_misses), isIdle),
    hardware_running_ratio: leastRatio(lines),
  };
}

/**
 * "<not counted>" is a run time of 0 (tools/perf/util/stat-display.c). A software event is on whenever a thread of the
 * target is: that none ran means that nothing happened.
 */
function softwareCount(line: PerfLine | undefined): Count {
  if (line === undefined || !line.isSupported) return null;
  return line.count ?? (BigInt(line.runNs) === 0n ? 0 : null);
}

/** A hardware event may also have waited for a free counter: nothing is known then, unless no thread ran at all. */
function hardwareCount(line: PerfLine | undefined, isIdle: boolean): Count {
  if (line === undefined || !line.isSupported) return null;
  return line.count ?? (isIdle ? 0 : null);
}

function leastRatio(lines: Lines): number | null {
  const ratios = Object.values(HARDWARE).flatMap((event) => {
    const line = lines.get(event);
    return line === undefined || line.count === null ? [] : [line.ratio];
  });
  return ratios.length === 0 ? null : Math.min(...ratios);
}
