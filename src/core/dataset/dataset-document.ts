import type { Grade } from '../grade/verdict.js';

export const DATASET_SCHEMA_VERSION = 1;

/** Which columns a part of a data set holds. `deployable`: what a deployed device has too; `oracle`: what it has not. */
export type View = 'deployable' | 'oracle' | 'all';

/** What a column is to a model. Only a `feature` may be learned from. */
export type Role = 'feature' | 'key' | 'time' | 'label' | 'group' | 'provenance';

export interface Column {
  readonly name: string;
  /** As DuckDB and Parquet name it: `BIGINT`, `DOUBLE`, `VARCHAR`, `BOOLEAN`, or a list of structs of these. */
  readonly type: string;
  readonly role: Role;
  /** UCUM; null where there is none. */
  readonly unit: string | null;
  readonly description: string;
  /** Whether a deployed device has it too; null for what is not observed (ids, labels, groups). */
  readonly available_in_deployment: boolean | null;
}

export interface TableFile {
  /** From the data set's folder, with "/": `deployable/aligned/split=train/part-0.parquet`. */
  readonly path: string;
  readonly split: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** A folder of Parquet files, partitioned by `split=NAME`; the split is in the path, not in the files. */
export interface Table {
  /** `episodes`, `labels`, `events`, `aligned`, `windows`, or the source of a table of rows. */
  readonly name: string;
  readonly kind: 'episodes' | 'labels' | 'events' | 'rows' | 'aligned' | 'windows';
  /** Null for what belongs to all views. */
  readonly view: View | null;
  /** The folder, from the data set's: `tables/episodes`, `deployable/rows/system`, `deployable/aligned`. */
  readonly path: string;
  readonly description: string;
  readonly columns: readonly Column[];
  readonly files: readonly TableFile[];
}

export interface DatasetEpisode {
  readonly id: string;
  readonly split: string;
  /** Members of one group never stand on two sides of the split. */
  readonly group: string;
  readonly grade: Grade;
  readonly recovered: boolean;
  /** Digest of its done.marker, which has the digest of every other file. */
  readonly marker_sha256: string;
  readonly recorder_version: string;
  readonly start_realtime_ns: bigint;
  readonly duration_ns: number;
}

export interface ExcludedEpisode {
  readonly id: string;
  readonly path: string;
  /** A sentence. */
  readonly why: string;
}

/** Rows of the grid that are not in `aligned`; of the first view, as the look-back of each is that of its own sources. */
export interface ExcludedRows {
  readonly label: string;
  /**
   * `boundary`: the label did not hold over the whole look-back and its guard band; `residual`: benign after malicious
   * without a restored state; `no_class`: the label is `unknown` or `unlabelled`; `no_data`: every feature was null.
   */
  readonly reason: 'boundary' | 'residual' | 'no_class' | 'no_data';
  readonly rows: number;
}

export interface DatasetSource {
  readonly source: string;
  readonly row_version: number;
  readonly available_in_deployment: boolean;
  readonly plugin: string;
  readonly plugin_versions: readonly string[];
  readonly vantages: readonly string[];
  readonly interval_ns: number | null;
}

/** dataset.json; docs/dataset.md explains it and schemas/dataset.schema.json holds it. The same input makes the same bytes. */
export interface DatasetDocument {
  readonly schema_version: number;
  readonly name: string;
  readonly cis490_version: string;
  readonly duckdb_version: string;
  /** The command line that made it. */
  readonly command: readonly string[];
  /** Every option with its default filled in. Durations in nanoseconds. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly views: readonly View[];
  /** In their order; `train` alone where nothing was split. */
  readonly splits: readonly string[];
  /** Labels of aligned rows, sorted. */
  readonly classes: readonly string[];
  readonly episodes: readonly DatasetEpisode[];
  readonly excluded_episodes: readonly ExcludedEpisode[];
  readonly excluded_rows: readonly ExcludedRows[];
  /** Rows of `aligned` by split and label; of the first view. */
  readonly aligned_rows: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly sources: readonly DatasetSource[];
  readonly tables: readonly Table[];
  /** Sentences: what a reader should know before training. */
  readonly warnings: readonly string[];
}
