import type { ErrorObject, ValidateFunction } from 'ajv';
import { explainError } from '../config/explain-errors.js';
import type { CollectorFigures } from '../episode/collector-figures.js';
import { canonicalRow } from '../rows/canonical-row.js';
import { SeenKeys } from '../rows/row-keys.js';
import type { LineVisitor } from './line-reader.js';
import type { EpisodeReport } from './report.js';
import { NO_TIMES, type RowTimes, timesIn } from './row-times.js';

/** V8 remembers each step of a match, and throws beyond 64 MB of them: 16 MB of one string are enough. */
const MAX_MATCHED_LENGTH = 1 << 20;

interface Row {
  readonly source: unknown;
  readonly available_in_deployment: unknown;
  readonly tick?: number;
  readonly seq?: number;
  readonly [field: string]: unknown;
}

export interface TelemetryCheck extends LineVisitor {
  /** After the last line: what only the whole file shows. */
  finish(lines: number): void;
}

export interface RowCheckerOptions {
  readonly figures: Pick<
    CollectorFigures,
    'source' | 'available_in_deployment' | 'kind' | 'row_schema' | 'interval_ns'
  >;
  readonly validate: ValidateFunction;
  readonly times: RowTimes;
  /** So many ticks were due; null where that is not known. */
  readonly scheduled: number | null;
  /** Rows of a stream may be missing: they were damaged, and it is told elsewhere. */
  readonly mayLackRows?: boolean;
}

/** Holds one collector's rows, one after the other, against their schema, against meta.json, and against the row before. */
export class RowChecker {
  /** Of the last row that was right: tick or seq, and nanoseconds since the origin. */
  position = -1;
  monoNs = 0;
  readonly #o: RowCheckerOptions;
  readonly #keys: readonly string[];
  readonly #canonical: RegExp | null;
  readonly #seen = new SeenKeys();

  constructor(options: RowCheckerOptions) {
    this.#o = options;
    const { row_schema: schema, source, available_in_deployment: isDeployable } = options.figures;
    this.#keys = keyFields(schema);
    this.#canonical = this.#keys.length === 0 ? canonicalRow(schema ?? {}, source, isDeployable === true) : null;
  }

  /** What is wrong with this line, or null. A line that is wrong has no part in what the next is held against. */
  check(line: string): string | null {
    const match = line.length <= MAX_MATCHED_LENGTH ? this.#canonical?.exec(line) : null;
    return match ? this.#place(Number(match[1]), match[2]!, Number(match[3])) : this.#checkParsed(line);
  }

  #checkParsed(line: string): string | null {
    const { figures, validate } = this.#o;
    const { source, available_in_deployment: isDeployable, kind } = figures;
    let row: Row;
    try {
      row = JSON.parse(line) as Row;
    } catch {
      return 'is no JSON';
    }
    if (!validate(row)) return explainError((validate.errors as ErrorObject[])[0]!, '');
    if (row.source !== source)
      return `source is ${JSON.stringify(row.source)}; it must be "${source}", as in meta.json`;
    if (row.available_in_deployment !== isDeployable)
      return `available_in_deployment is ${row.available_in_deployment}; meta.json says ${isDeployable}`;
    const found = timesIn(line);
    if (found === null) return NO_TIMES;
    return this.#place(found.mono, found.wall, (kind === 'stream' ? row.seq : row.tick)!, row);
  }

  #place(mono: number, wall: string, position: number, row?: Row): string | null {
    const problem = this.#o.times.compare(mono, wall) ?? this.#misplaced(position, mono, row);
    if (problem !== null) return problem;
    if (this.#keys.length > 0) {
      if (position !== this.position) this.#seen.clear();
      this.#seen.add(this.#keyOf(row));
    }
    this.position = position;
    this.monoNs = mono;
    return null;
  }

  #misplaced(position: number, mono: number, row?: Row): string | null {
    const { figures, mayLackRows = false } = this.#o;
    const last = this.position;
    if (!Number.isSafeInteger(position)) return `${position} is no position that a row can have`;
    if (figures.kind !== 'stream') return this.#mistimed(position, mono, row);
    return position === last + 1 || (mayLackRows && position > last)
      ? null
      : `seq is ${position}; after ${last} comes ${last + 1}`;
  }

  /** Tick k is sampled from k intervals on, and if its time is not moved (`mark`), before the next one is due. */
  #mistimed(tick: number, mono: number, row?: Row): string | null {
    const { figures, scheduled } = this.#o;
    const last = this.position;
    const isSameTick = tick === last && this.#keys.length > 0;
    if (tick <= last && !isSameTick) return `tick is ${tick}; it must rise, and the row in front of it has ${last}`;
    if (scheduled !== null && tick >= scheduled) return `tick is ${tick}, but only ${scheduled} were scheduled`;
    const due = tick * Number(figures.interval_ns);
    const next = due + Number(figures.interval_ns);
    if (mono < due) return `tick is ${tick}, which was due ${due - mono} ns after t_mono_ns`;
    if (figures.kind === 'files' && mono >= next) return `tick is ${tick}, but at t_mono_ns the next one was due`;
    const problem = isSameTick ? this.#seen.problemOf(this.#keyOf(row)) : null;
    if (problem === 'too many') return `tick ${tick} has too many rows to tell them apart`;
    return problem && `tick ${tick} has two rows with ${this.#keys.join(', ')} ${this.#keyOf(row)}`;
  }

  #keyOf(row?: Row): string {
    return JSON.stringify(this.#keys.map((name) => row?.[name]));
  }
}

/** Checks one collector's rows. */
export function telemetryCheck(
  file: string,
  figures: CollectorFigures,
  validate: ValidateFunction,
  times: RowTimes,
  mayLackRows: boolean,
  report: EpisodeReport,
): TelemetryCheck {
  const checker = new RowChecker({ figures, validate, times, scheduled: figures.ticks_scheduled, mayLackRows });
  return {
    line(text, number) {
      const problem = checker.check(text);
      if (problem !== null) report.add(file, problem, number);
      report.rows++;
    },
    problem: (message, number) => report.add(file, message, number),
    finish(lines) {
      if (lines !== figures.rows) report.add(file, `has ${lines} rows; meta.json says ${figures.rows}`);
    },
  };
}

/** The fields that tell the rows of one tick apart. */
function keyFields(schema: CollectorFigures['row_schema']): string[] {
  const properties = (schema?.properties ?? {}) as Readonly<Record<string, { 'x-key'?: boolean }>>;
  return Object.keys(properties).filter((name) => properties[name]?.['x-key'] === true);
}
