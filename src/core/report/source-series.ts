import type { RecordedRow, RecordedSource } from '../reading/recorded-episode.js';
import { type Axis, BucketAxis, MOST_SAMPLES, SampleAxis } from './axis.js';
import { type MeasureGroup, measureGroups, SPAN_COLUMN } from './measures.js';
import type { PhaseCursor, PhaseSpans } from './phase-spans.js';
import type { Place, Values } from './track.js';
import { TrackGroup } from './track-group.js';

/** More are counted, and not drawn. */
const MOST_GAPS = 2_000;

/** A time without a sample that was due. Nanoseconds since the origin. */
export interface Gap {
  readonly fromNs: number;
  readonly toNs: number;
}

export interface SourceSeriesOptions {
  readonly source: RecordedSource;
  /** Of its file. */
  readonly rows: number;
  /** Of the episode. */
  readonly endNs: number;
  /** Null for a stream. */
  readonly ticksScheduled: number | null;
  readonly spans: PhaseSpans;
}

/** Makes lines of a source's rows, in one pass and bounded memory. */
export class SourceSeries {
  readonly axis: Axis;
  readonly groups: readonly TrackGroup[];
  readonly gaps: Gap[] = [];
  gapCount = 0;
  readonly #options: SourceSeriesOptions;
  readonly #cursor: PhaseCursor;
  readonly #row: TrackGroup | undefined;
  readonly #arrays: readonly TrackGroup[];
  #place: Place | null = null;
  /** Tick or seq of the last row. */
  #position = -1;

  constructor(options: SourceSeriesOptions) {
    const { source, rows, endNs, spans } = options;
    this.#options = options;
    this.#cursor = spans.cursor();
    this.axis = rows <= MOST_SAMPLES ? new SampleAxis() : new BucketAxis(0, endNs);
    this.groups = measureGroups(source.columns).map((group: MeasureGroup) => new TrackGroup(group, this.axis));
    this.#row = this.groups.find(({ group }) => group.array === null);
    this.#arrays = this.groups.filter(({ group }) => group.array !== null);
  }

  add(row: RecordedRow): void {
    const position = row.tick ?? row.seq ?? 0;
    if (this.#place === null || position !== this.#position) this.#place = this.#next(row, position);
    this.#position = position;
    this.#row?.add(row as Values, this.#place, 0);
    for (const group of this.#arrays) {
      const records = row[group.group.array!] as readonly Values[] | null;
      if (records !== null) for (let i = 0; i < records.length; i++) group.add(records[i]!, this.#place, i);
    }
  }

  /** After the last row: what is missing behind it. */
  finish(): void {
    const { ticksScheduled, endNs } = this.#options;
    const isMissing = ticksScheduled !== null && this.#position < ticksScheduled - 1;
    if (isMissing) this.#gap(this.#place?.atNs ?? 0, endNs);
  }

  #next(row: RecordedRow, position: number): Place {
    const { t_mono_ns: atNs, epoch = 0 } = row;
    const before = this.#place;
    const isAfterGap = position > this.#position + 1;
    if (isAfterGap) this.#gap(before?.atNs ?? 0, atNs);
    this.#cursor.moveTo(atNs);
    const span = row[SPAN_COLUMN];
    return {
      ordinal: (before?.ordinal ?? -1) + 1,
      slot: this.axis.place(atNs),
      atNs,
      epoch,
      isAfterGap,
      beforeNs: before?.atNs ?? null,
      spanNs: typeof span === 'number' ? span : null,
      column: this.#cursor.column,
      phaseFromNs: this.#cursor.fromNs,
    };
  }

  #gap(fromNs: number, toNs: number): void {
    this.gapCount++;
    if (this.gaps.length < MOST_GAPS) this.gaps.push({ fromNs, toNs });
    this.axis.gap(fromNs, toNs);
  }
}
