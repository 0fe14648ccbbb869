import type { ErrorObject, ValidateFunction } from 'ajv';
import { explainError } from '../config/explain-errors.js';
import type { CollectorFigures } from '../episode/collector-figures.js';
import { canonicalRow } from '../rows/canonical-row.js';
import type { LineVisitor } from './line-reader.js';
import type { EpisodeReport } from './report.js';
import type { RowTimes } from './row-times.js';

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

/** Checks one collector's rows: each against its schema, against meta.json, and against the row before. */
export function telemetryCheck(
  file: string,
  figures: CollectorFigures,
  validate: ValidateFunction,
  times: RowTimes,
  report: EpisodeReport,
): TelemetryCheck {
  const { source, available_in_deployment: isDeployable, ticks_scheduled: scheduled, kind } = figures;
  const keys = keyFields(figures);
  let last = -1;
  let seen = new Set<string>();

  const order = (position: number, row?: Row): string | null => {
    if (kind === 'stream') {
      if (position !== last + 1) return `seq is ${position}; after ${last} comes ${last + 1}`;
      last = position;
      return null;
    }
    const tick = position;
    const isSameTick = tick === last && keys.length > 0;
    if (tick <= last && !isSameTick) return `tick is ${tick}; it must rise, and the row in front of it has ${last}`;
    if (scheduled !== null && tick >= scheduled) return `tick is ${tick}, but only ${scheduled} were scheduled`;
    if (!isSameTick) seen = new Set();
    last = tick;
    if (keys.length === 0) return null;
    const key = JSON.stringify(keys.map((name) => row?.[name]));
    if (seen.has(key)) return `tick ${tick} has two rows with ${keys.join(', ')} ${key}`;
    seen.add(key);
    return null;
  };

  const canonical = keys.length === 0 ? canonicalRow(figures.row_schema ?? {}, source, isDeployable === true) : null;

  const problemOf = (line: string): string | null => {
    const match = canonical?.exec(line);
    if (match) return times.compare(Number(match[1]), match[2]!) ?? order(Number(match[3]));
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
    return times.check(line) ?? order((kind === 'stream' ? row.seq : row.tick)!, row);
  };

  return {
    line(text, number) {
      const problem = problemOf(text);
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
function keyFields({ row_schema: schema }: CollectorFigures): string[] {
  const properties = (schema?.properties ?? {}) as Readonly<Record<string, { 'x-key'?: boolean }>>;
  return Object.keys(properties).filter((name) => properties[name]?.['x-key'] === true);
}
