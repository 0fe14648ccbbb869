import type { RecordedColumn } from '../../reading/recorded-episode.js';
import type { View } from '../dataset-document.js';
import type { Aggregate, Feature, FeatureSource, Transform } from '../feature-document.js';
import type { SourceSpec } from '../sources/source-spec.js';
import { isInView, visibleFields } from '../sources/visible-fields.js';

/** Of a source with instances: all of them, and the busiest. A mean would tell how many there are, and so which machine. */
const AGGREGATES: readonly Aggregate[] = ['sum', 'max'];

/** Time per second is a share. */
const TIME_SCALES: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1 };

export interface AgeOptions {
  readonly gridNs: number;
  /** Undefined: the grid, or two intervals, whichever is longer. */
  readonly maxAgeNs: number | undefined;
}

/** The sources that a view has, and how old a reading of each may be. */
export function featureSources(sources: readonly SourceSpec[], view: View, options: AgeOptions): FeatureSource[] {
  return sources
    .filter((source) => isInView(source, view))
    .map(({ source, rowVersion, intervalNs, isDeployable, row }) => ({
      source,
      row_version: rowVersion,
      interval_ns: intervalNs,
      envelope: row.envelope,
      max_age_ns: options.maxAgeNs ?? Math.max(options.gridNs, 2 * (intervalNs ?? 0)),
      available_in_deployment: isDeployable,
    }));
}

/** Every feature that can be made of the columns that a view has, in the order of sources and fields. */
export function planFeatures(sources: readonly SourceSpec[], view: View): Feature[] {
  return sources.flatMap((source) => visibleFields(source, view).flatMap((field) => featuresOf(source, field)));
}

function featuresOf(source: SourceSpec, field: RecordedColumn): Feature[] {
  if (field.type === 'array')
    return field.items.flatMap((item) =>
      transformsOf(
        item,
        field.items.some(({ isKey }) => isKey),
      ).flatMap((made) => aggregated(source, field, item, made)),
    );
  const scalar = field as RecordedColumn;
  const made = transformsOf(scalar, true);
  return source.row.keys.length > 0
    ? made.flatMap((each) => aggregated(source, field, null, each))
    : made.map((each) => feature(source, field, null, each, null));
}

interface Made {
  readonly transform: Transform;
  readonly state: string | null;
}

/** Keys and descriptions are never features; words that nobody listed can't be. Steps need to know whose they are. */
function transformsOf({ kind, type, states, isKey }: RecordedColumn, isKeyed: boolean): Made[] {
  if (isKey || kind === 'info' || kind === null) return [];
  if (type === 'string') return (states ?? []).map((state) => ({ transform: 'state', state }));
  if (type === 'boolean') return [{ transform: 'level', state: null }];
  if (kind === 'counter' || kind === 'delta') return isKeyed ? [{ transform: 'rate', state: null }] : [];
  return kind === 'gauge' ? [{ transform: 'level', state: null }] : [];
}

const aggregated = (source: SourceSpec, field: RecordedColumn, item: RecordedColumn | null, made: Made): Feature[] =>
  AGGREGATES.map((aggregate) => feature(source, field, item, made, aggregate));

function feature(
  { source, isDeployable }: SourceSpec,
  field: RecordedColumn,
  item: RecordedColumn | null,
  { transform, state }: Made,
  aggregate: Aggregate | null,
): Feature {
  const measured = item ?? (field as RecordedColumn);
  return {
    name: [source, field.name, item?.name, aggregate, transform, state].filter((part) => part != null).join('__'),
    source,
    field: field.name,
    item: item?.name ?? null,
    aggregate,
    transform,
    state,
    kind: measured.kind as Feature['kind'],
    ...inUnits(measured.unit, transform, aggregate),
    description: describe(measured, transform, aggregate, state),
    available_in_deployment: isDeployable && field.availableInDeployment && (item?.availableInDeployment ?? true),
    statistics: null,
  };
}

function inUnits(
  unit: string | null,
  transform: Transform,
  aggregate: Aggregate | null,
): Pick<Feature, 'normalised_by' | 'scale' | 'unit'> {
  if (transform !== 'rate') return { normalised_by: null, scale: 1, unit: transform === 'state' ? '1' : (unit ?? '1') };
  if (unit === '{jiffy}') return { normalised_by: aggregate === 'max' ? 'cpu' : 'cpus', scale: 1, unit: '1' };
  const scale = TIME_SCALES[unit ?? ''];
  return scale === undefined
    ? { normalised_by: null, scale: 1, unit: `${unit ?? '1'}/s` }
    : { normalised_by: null, scale, unit: '1' };
}

const OF_RECORDS = { sum: 'Over all records, the sum of: ', max: 'Of all records, the largest of: ' };
const AS = { rate: 'Per second: ', level: '', state: '' };

function describe(
  { description }: RecordedColumn,
  transform: Transform,
  aggregate: Aggregate | null,
  state: string | null,
): string {
  const of = aggregate === null ? '' : OF_RECORDS[aggregate];
  const as = state === null ? AS[transform] : `1 if "${state}", else 0: `;
  return `${as}${of}${description}`;
}
