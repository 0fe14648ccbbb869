import type { EpisodeRow } from '../observations.js';

/** Something that an episode has as a whole, and that is no behaviour of what ran in it. */
export interface Property<Value> {
  readonly name: string;
  readonly title: string;
  /** Null where the episode has none; undefined where the table lacks the column. */
  readonly of: (episode: EpisodeRow) => Value | null | undefined;
  /** Whether it is good practice that each episode has a value of its own: then only those that several share count. */
  readonly isOftenUnique?: boolean;
}

const HOUR_NS = 3_600_000_000_000n;
const HOURS_TOGETHER = 4n;

const category = (name: string, title: string, column: string = name): Property<string> => ({
  name,
  title,
  of: ({ [column]: value }) => (value === undefined || value === null ? value : String(value)),
});

/** A double is exact enough to tell which is larger. */
const number = (name: string, title: string, column: string = name): Property<number> => ({
  name,
  title,
  of: ({ [column]: value }) => (value === undefined || value === null ? value : Number(value)),
});

export const CATEGORIES: readonly Property<string>[] = [
  category('host', 'the host'),
  category('image', "the virtual machine's image"),
  category('state', 'the saved state'),
  category('kernel', 'the kernel'),
  category('cpus', 'the number of CPUs'),
  category('memory', 'the size of the memory', 'memory_bytes'),
  category('accelerator', 'the accelerator'),
  category('target_type', 'the kind of target'),
  category('profile', 'the profile'),
  category('operator', 'the operator'),
  { ...category('seed', 'the seed'), isOftenUnique: true },
  category('recorder_version', "the recorder's version"),
  category('collectors', 'the set of collectors'),
  category('grade', 'the grade'),
  category('end_reason', 'why the episode ended'),
  { name: 'start_hour', title: 'the time of day', of: timeOfDay },
];

export const NUMBERS: readonly Property<number>[] = [
  number('start_time', 'when the episode was recorded', 'start_realtime_ns'),
  number('duration', 'the duration of the episode', 'duration_ns'),
  number('row_count', 'the number of rows', 'rows'),
  number('recorder_cpu', 'what the recorder took of a CPU', 'recorder_cpu_share'),
  number('recorder_memory', "the recorder's peak memory", 'recorder_max_rss_bytes'),
];

/** UTC, four hours together: single hours would be as many as the episodes of a small data set. */
function timeOfDay({ start_realtime_ns: start }: EpisodeRow): string | null | undefined {
  if (start === null || start === undefined) return start;
  const hour = (BigInt(start as bigint) / HOUR_NS) % 24n;
  return String(hour / HOURS_TOGETHER);
}
