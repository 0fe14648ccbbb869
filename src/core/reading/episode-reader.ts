import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import type { CollectorFigures } from '../episode/collector-figures.js';
import { NAMES } from '../episode/episode-folder.js';
import type { Marker } from '../episode/marker.js';
import type { Meta } from '../episode/meta.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { labelIntervals } from '../labels/label-intervals.js';
import type { JsonSchema } from '../rows/row-schema.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import { type ExactRow, exactRow } from './exact-row.js';
import { firstProblem } from './first-problem.js';
import { damaged, readLines } from './read-lines.js';
import { recordedColumns } from './recorded-columns.js';
import type {
  AsRead,
  EventRow,
  LabelInterval,
  LabelRow,
  RecordedEpisode,
  RecordedRow,
  RecordedSource,
} from './recorded-episode.js';
import { type RowColumns, shapeRow } from './row-shape.js';

export interface EpisodeReaderOptions {
  readonly path: string;
  readonly meta: AsRead<Meta>;
  readonly marker: AsRead<Marker> | null;
  readonly schemas: SchemaRegistry;
}

/** What makes the object of a line; throws in words. */
type Parse = (line: string) => ExactRow;

/** An episode whose documents were read; its logs are read as they are asked for. */
export class EpisodeReader implements RecordedEpisode {
  readonly path: string;
  readonly meta: AsRead<Meta>;
  readonly marker: AsRead<Marker> | null;
  readonly sources: readonly RecordedSource[];
  readonly #schemas: SchemaRegistry;
  readonly #columns: ReadonlyMap<string, RowColumns>;

  /** Throws EPISODE_DAMAGED where a row schema of meta.json is none. */
  constructor({ path, meta, marker, schemas }: EpisodeReaderOptions) {
    this.path = path;
    this.meta = meta;
    this.marker = marker;
    this.#schemas = schemas;
    this.#columns = new Map(meta.collectors.map((figures) => [figures.source, columnsOf(path, figures)]));
    this.sources = meta.collectors.map((figures) => ({
      name: figures.source,
      kind: figures.kind,
      rowVersion: figures.row_version,
      availableInDeployment: figures.available_in_deployment === true,
      intervalNs: figures.interval_ns,
      columns: this.#columns.get(figures.source)!.own,
    }));
  }

  get id(): string {
    return this.meta.id;
  }

  get isFinished(): boolean {
    return this.marker !== null;
  }

  rows<Columns>(source: string): AsyncIterableIterator<RecordedRow<Columns>> {
    const columns = this.#columns.get(source);
    if (columns === undefined) {
      const known = [...this.#columns.keys()].join(', ') || 'none';
      throw new CisError('SOURCE_UNKNOWN', `no source ${JSON.stringify(source)} in ${this.path}; there are: ${known}`);
    }
    const name = `${NAMES.telemetry}/${source}.jsonl`;
    const isListed = this.marker?.files.some(({ path }) => path === name) ?? true;
    if (!isListed || this.#isAbsent(source)) return nothing();
    return this.#log(name, (line) => shapeRow(exactRow(line), columns)) as AsyncIterableIterator<RecordedRow<Columns>>;
  }

  events(): AsyncIterableIterator<EventRow> {
    return this.#log(NAMES.events, sound(this.#schemas.document('event'))) as AsyncIterableIterator<EventRow>;
  }

  labelRows(): AsyncIterableIterator<LabelRow> {
    return this.#log(NAMES.labels, sound(this.#schemas.document('label'))) as AsyncIterableIterator<LabelRow>;
  }

  async labels(): Promise<LabelInterval[]> {
    const rows: LabelRow[] = [];
    for await (const row of this.labelRows()) rows.push(row);
    const { end_ns: endNs } = this.meta;
    return labelIntervals(rows, endNs === null ? null : Number(endNs)).map(({ row, fromNs, untilNs }) => ({
      seq: row.seq,
      fromNs,
      untilNs,
      phase: row.phase,
      label: row.label,
      source: row.source,
      uncertaintyNs: row.uncertainty_ns,
      technique: row.technique ?? null,
      confirmed: row.confirmed,
    }));
  }

  #isAbsent(source: string): boolean {
    return this.meta.collectors.some((figures) => figures.source === source && figures.state === 'absent');
  }

  async *#log(name: string, parse: Parse): AsyncGenerator<ExactRow, void, void> {
    const path = join(this.path, name);
    const expected = this.marker?.files.find((file) => file.path === name)?.rows ?? null;
    const options = { path, name: path, mayBeTorn: !this.isFinished, expected };
    for await (const { lines, first } of readLines(options)) {
      for (let i = 0; i < lines.length; i++) {
        let row: ExactRow;
        try {
          row = parse(lines[i]!);
        } catch (error) {
          throw damaged(options, first + i, errorMessage(error), error);
        }
        yield row;
      }
    }
  }
}

function columnsOf(path: string, figures: AsRead<CollectorFigures>): RowColumns {
  if (figures.row_schema === null) return { envelope: [], own: [] };
  try {
    return recordedColumns(figures.row_schema as JsonSchema, figures.available_in_deployment === true);
  } catch (error) {
    throw damaged(
      { name: join(path, NAMES.meta) },
      null,
      `has a row schema of ${figures.source} that is none: ${errorMessage(error)}`,
      error,
    );
  }
}

/** Rows of our own documents, which their schema accepts. It has to see plain numbers: a validator takes no bigint. */
function sound(validate: ValidateFunction): Parse {
  return (line) => {
    const row = exactRow(line);
    if (validate(JSON.parse(line))) return row;
    throw new Error(`is not what its schema asks for: ${firstProblem(validate)}`);
  };
}

async function* nothing(): AsyncGenerator<never, void, void> {}
