import type { CounterReset, FieldKind } from '../contract/fields.js';
import type { Marker } from '../episode/marker.js';
import type { Meta } from '../episode/meta.js';

/** The `code` of every error that is thrown here; docs/errors.md has them all. */
export type { ErrorCode } from '../errors/error-table.js';

/** An integer of a file, exact: a number where a double holds it, else a bigint. `BigInt(x)` takes both, `Number(x)` rounds. */
export type Integer = number | bigint;

/** What a column holds: an `integer` an Integer, a `number` a number; null only where the column is nullable. */
export type Scalar = Integer | string | boolean | null;

/** A record of an array column. */
export type RowRecord = Readonly<Record<string, Scalar>>;

/** The times of a row. */
export interface RowTimes {
  /** Nanoseconds since the origin; negative before it. Safe for 104 days. */
  readonly t_mono_ns: number;
  /** Nanoseconds since the Unix epoch: always a bigint, since no double holds it. */
  readonly t_wall_ns: bigint;
}

/** What the host puts in front of a collector's own columns. */
export interface RowEnvelope extends RowTimes {
  readonly source: string;
  readonly available_in_deployment: boolean;
  /** Rows on a schedule have `tick` and `epoch`, those of a stream `seq`. */
  readonly tick?: number;
  readonly epoch?: number;
  readonly seq?: number;
}

/** A row as its schema describes it. `RowOf<typeof FIELDS>` of a plugin says more of its own columns. */
export type RecordedRow<Columns = Readonly<Record<string, Scalar | readonly RowRecord[]>>> = RowEnvelope & Columns;

/** A row of labels.jsonl, as it was written. */
export interface LabelRow extends RowTimes {
  readonly seq: number;
  readonly phase: string;
  readonly label: string;
  readonly source: 'schedule' | 'action' | 'manual';
  readonly uncertainty_ns: number;
  readonly technique?: string;
  readonly confirmed: boolean | null;
  readonly revises?: number;
  readonly by?: string;
  readonly why?: string;
}

/** A stretch under one label: from its begin, included, to its end, not included. Nanoseconds since the origin. */
export interface LabelInterval {
  /** Of the row of labels.jsonl that holds. */
  readonly seq: number;
  readonly fromNs: number;
  /** Null for the last one of an episode that has no end yet. */
  readonly untilNs: number | null;
  readonly phase: string;
  readonly label: string;
  readonly source: LabelRow['source'];
  /** By how much `fromNs` may be off. */
  readonly uncertaintyNs: number;
  readonly technique: string | null;
  readonly confirmed: boolean | null;
}

/** A row of events.jsonl: `event`, who tells it, and fields of its own. */
export interface EventRow extends RowTimes {
  readonly event: string;
  readonly source: string;
  readonly [field: string]: unknown;
}

/** A column of a source's rows, as the row schema in meta.json has it. */
export interface RecordedColumn {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'string' | 'boolean' | 'array';
  readonly nullable: boolean;
  readonly kind: FieldKind;
  /** UCUM; null where there is none. */
  readonly unit: string | null;
  readonly description: string;
  readonly reset: CounterReset | null;
  readonly mayDecrease: boolean;
  /** The words that a string may be; null for any. */
  readonly states: readonly string[] | null;
  /** Whether it tells the rows of one tick, or the records of one array, apart. */
  readonly isKey: boolean;
  /** Whether a deployed device has it: never where it has not the source. */
  readonly availableInDeployment: boolean;
  /** The columns of an array's records; else none. */
  readonly items: readonly RecordedColumn[];
}

/** A source of an episode, of which more stands in `meta.collectors`. */
export interface RecordedSource {
  readonly name: string;
  /** Null where its plugin could not be loaded. */
  readonly kind: 'files' | 'polled' | 'stream' | null;
  readonly rowVersion: number | null;
  readonly availableInDeployment: boolean;
  /** Null for a stream. */
  readonly intervalNs: number | null;
  /** Without those of the envelope; in their order. */
  readonly columns: readonly RecordedColumn[];
}

/** A document as it is read back: where its writer has a bigint, the reader has a number if that is exact. */
export type AsRead<T> = unknown extends T
  ? T
  : T extends bigint
    ? Integer
    : T extends object
      ? { readonly [K in keyof T]: AsRead<T[K]> }
      : T;

/**
 * A finished episode, read in constant memory: its rows, events and labels come from the files as they are asked for, and
 * leaving a `for await` early closes the file. Whatever is not as a recorder leaves it throws EPISODE_DAMAGED, with file
 * and line; hashes are for `episode validate`. Integers are exact.
 */
export interface RecordedEpisode {
  /** Its folder. */
  readonly path: string;
  readonly id: string;
  readonly isFinished: boolean;
  readonly meta: AsRead<Meta>;
  /** Null if it is not finished. */
  readonly marker: AsRead<Marker> | null;
  readonly sources: readonly RecordedSource[];
  /** The rows of a source, in their order; none if it was absent. Throws SOURCE_UNKNOWN. */
  rows<Columns = Readonly<Record<string, Scalar | readonly RowRecord[]>>>(
    source: string,
  ): AsyncIterableIterator<RecordedRow<Columns>>;
  /** In order of arrival at the recorder. */
  events(): AsyncIterableIterator<EventRow>;
  /** Every row of labels.jsonl, those that were revised too. */
  labelRows(): AsyncIterableIterator<LabelRow>;
  /** What holds from when until when, corrections applied; in order of time, without gaps. */
  labels(): Promise<LabelInterval[]>;
}

export interface OpenEpisodeOptions {
  /** Read one without done.marker too, as far as it goes: half a last line ends a file. */
  readonly allowUnfinished?: boolean;
}
