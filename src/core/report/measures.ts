import type { RecordedColumn } from '../reading/recorded-episode.js';

/** How a column becomes a line: as it is read, as what it rises by in a second, or over the row's own span. */
type Transform = 'level' | 'rate' | 'per_span';

/** A numeric column that is drawn. */
export interface Measure {
  readonly column: string;
  readonly kind: RecordedColumn['kind'];
  readonly transform: Transform;
  /** Factor to `unit`. */
  readonly scale: number;
  /** As it is shown: `B/s`, `%`, `fault/s`; empty where there is none. */
  readonly unit: string;
  readonly description: string;
  readonly availableInDeployment: boolean;
}

/** Columns that are read together: those of a row itself, or of the records of one of its arrays. */
export interface MeasureGroup {
  /** The array's name; null for the row itself. */
  readonly array: string | null;
  readonly measures: readonly Measure[];
  /** Columns that tell rows of one tick, or records, apart; none where there is but one. */
  readonly keys: readonly string[];
  /** A column of text that names them better than their keys. */
  readonly nameColumn: string | null;
  /** Columns that are no line: texts. */
  readonly undrawn: readonly string[];
}

/** What a row's deltas are over, in nanoseconds; without it they are over the time since the row before. */
export const SPAN_COLUMN = 'span_ns';

/** Seconds, for what is measured in time: so much of a second, in a second, is a share. */
const SECONDS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1 };
const SHOWN_UNITS: Readonly<Record<string, string>> = { '1': '', By: 'B', KiBy: 'KiB', '%': '%' };

/** The lines that a source's columns make, every numeric one that is no key. */
export function measureGroups(columns: readonly RecordedColumn[]): MeasureGroup[] {
  const arrays = columns.filter(({ type }) => type === 'array');
  const groups = [
    groupOf(
      null,
      columns.filter(({ type }) => type !== 'array'),
    ),
    ...arrays.map((c) => groupOf(c.name, c.items)),
  ];
  return groups.filter(({ measures, undrawn }) => measures.length + undrawn.length > 0);
}

function groupOf(array: string | null, columns: readonly RecordedColumn[]): MeasureGroup {
  const keys = columns.filter(({ isKey }) => isKey).map(({ name }) => name);
  const others = columns.filter(({ isKey }) => !isKey);
  const drawn = others.filter(({ type }) => type !== 'string');
  const texts = others.filter(({ type }) => type === 'string').map(({ name }) => name);
  const hasName = keys.length > 0 && texts.includes('name');
  return {
    array,
    measures: drawn.map(measureOf),
    keys,
    nameColumn: hasName ? 'name' : null,
    undrawn: texts.filter((name) => !(hasName && name === 'name')),
  };
}

function measureOf(column: RecordedColumn): Measure {
  const { name, kind, description, availableInDeployment } = column;
  const transform = transformOf(column);
  return {
    column: name,
    kind,
    transform,
    description,
    availableInDeployment,
    ...unitOf(column.unit ?? '1', transform),
  };
}

function transformOf({ kind, name, type }: RecordedColumn): Transform {
  if (type === 'boolean' || name === SPAN_COLUMN) return 'level';
  return kind === 'counter' ? 'rate' : kind === 'delta' ? 'per_span' : 'level';
}

function unitOf(unit: string, transform: Transform): { readonly unit: string; readonly scale: number } {
  const seconds = SECONDS[unit];
  if (transform === 'level')
    return seconds === undefined ? { unit: shownUnit(unit), scale: 1 } : { unit: 's', scale: seconds };
  return seconds === undefined ? { unit: `${shownUnit(unit)}/s`, scale: 1 } : { unit: '%', scale: seconds * 100 };
}

/** UCUM's annotations, as in `{fault}`, without their braces. */
const shownUnit = (unit: string): string => SHOWN_UNITS[unit] ?? unit.replace(/[{}]/g, '');
