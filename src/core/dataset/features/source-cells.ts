import { quoteName, quoteText } from '../duckdb/sql.js';
import type { Feature, FeatureSource } from '../feature-document.js';

const NS_PER_S = '1e9';

export interface CellsOptions {
  readonly source: FeatureSource;
  /** Those of this source. */
  readonly features: readonly Feature[];
  /** What tells the rows of one tick apart, if several share it. */
  readonly rowKeys: readonly string[];
  /** By array field: what tells its records apart. */
  readonly itemKeys: ReadonlyMap<string, readonly string[]>;
  readonly gridNs: number;
  /** A relation of the rows: episode_id, the columns of a row, and `_cpus` and `_clock_ticks` of the vantage. */
  readonly rows: string;
}

/**
 * A query: for each episode and cell of the grid in which the source has samples (cell k ends at k * grid, which belongs
 * to it) one row: `episode_id`, `step` (k), `first_ns` and `last_ns` (the samples that it is made of), `is_whole`
 * (no gap and no new epoch between them), and each feature.
 *
 * A rate is the sum of the steps between neighbouring samples, from the last sample before the cell to the last one in
 * it, over the time between these two. One step that is missing, goes back, crosses an epoch or a gap makes it null.
 *
 * No field's name begins with an underscore, so names that do are free for what is reckoned here.
 */
export function sourceCells(options: CellsOptions): string {
  const { features, rowKeys } = options;
  const arrays = [...new Set(features.filter(({ item }) => item !== null).map(({ field }) => field))];
  const parts = arrays.map((field) => ({ name: field, query: arrayCells(field, options) }));
  const scalars = features.filter(({ item }) => item === null);
  if (rowKeys.length > 0 && scalars.length > 0)
    parts.push({
      name: '_rows',
      query: recordCells(scalars, rowKeys.map(quoteName), keyedRows(scalars, options), options),
    });
  return `
    SELECT _base.*${parts.map(({ name }) => `, ${quoteName(name)}.* EXCLUDE (episode_id, step)`).join('')}
    FROM (${baseCells(rowKeys.length > 0 ? [] : scalars, options)}) AS _base
    ${parts.map(({ name, query }) => `LEFT JOIN (${query}) AS ${quoteName(name)} USING (episode_id, step)`).join('\n')}`;
}

/** What is known of the samples themselves, and of fields that are one value a sample. */
function baseCells(features: readonly Feature[], options: CellsOptions): string {
  const { rows, rowKeys, source, gridNs } = options;
  const samples = rowKeys.length === 0 ? placed(rows, options) : oneRowPerTick(options);
  const needed = [...new Set(features.map(({ field }) => field))].map((field) => `, ${quoteName(field)}`);
  return `
    SELECT episode_id, _step AS step, min(t_mono_ns - coalesce(_dt, 0)) AS first_ns, max(t_mono_ns) AS last_ns,
      ${isUnbroken(source)} AS is_whole
      ${features.map((feature) => `, ${inCell(feature, source)} AS ${quoteName(feature.name)}`).join('')}
    FROM (
      SELECT ${PLACED}${needed.length > 0 ? ', _cpus, _clock_ticks' : ''}, ${stepOf(gridNs)} AS _step, ${STEP}
        ${features.map((feature) => `, ${reading(feature, quoteName(feature.field))} AS ${reads(feature)}`).join('')}
      FROM ${samples}
      WINDOW w AS (PARTITION BY episode_id ORDER BY _place)
    )
    GROUP BY episode_id, _step`;
}

function arrayCells(field: string, options: CellsOptions): string {
  const { features, itemKeys } = options;
  const of = features.filter((feature) => feature.field === field && feature.item !== null);
  const keys = itemKeys.get(field) ?? [];
  const columns = [...new Set([...keys, ...of.map(({ item }) => item!)])];
  const records = `
    SELECT ${RECORD}, _position ${columns.map((name) => `, _record[${quoteText(name)}] AS ${quoteName(name)}`).join('')}
    FROM (
      SELECT ${RECORD}, unnest(${quoteName(field)}) AS _record, generate_subscripts(${quoteName(field)}, 1) AS _position
      FROM ${withLast(of, options)}
    )`;
  return recordCells(of, keys.length > 0 ? keys.map(quoteName) : ['_position'], records, options);
}

/** Rows that share a tick are records as those of an array are. */
function keyedRows(features: readonly Feature[], options: CellsOptions): string {
  const columns = [...new Set([...options.rowKeys, ...features.map(({ field }) => field)])];
  return `SELECT ${RECORD}, ${columns.map(quoteName).join(', ')} FROM ${withLast(features, options)}`;
}

/**
 * Each record by itself first, then all of them. A record that is new in the cell has no rate yet and is left out; one
 * whose rate or level can't be told makes that of all unknown.
 */
function recordCells(
  features: readonly Feature[],
  keys: readonly string[],
  records: string,
  { source }: CellsOptions,
): string {
  const parts = distinct(features, partOf);
  const readings = distinct(features, reads);
  const by = ['episode_id', ...keys].join(', ');
  return `
    SELECT episode_id, _step AS step
      ${features.map((feature) => `, ${ofAll(feature)} AS ${quoteName(feature.name)}`).join('')}
    FROM (
      SELECT _step, ${by}, count(_dt) > 0 AS _is_known, bool_or(_is_last) AS _is_present
        ${parts.map((feature) => `, ${inCell(feature, source, '_is_last')} AS ${partOf(feature)}`).join('')}
      FROM (
        SELECT ${RECORD}, ${keys.join(', ')}, ${STEP}
          ${readings.map((feature) => `, ${reading(feature, quoteName(feature.item ?? feature.field))} AS ${reads(feature)}`).join('')}
        FROM (${records})
        WINDOW w AS (PARTITION BY ${by} ORDER BY _place)
      )
      GROUP BY _step, ${by}
    )
    GROUP BY episode_id, _step`;
}

function ofAll(feature: Feature): string {
  const part = partOf(feature);
  const counts = feature.transform === 'rate' ? '_is_known' : '_is_present';
  return `CASE WHEN NOT bool_or(${counts} AND ${part} IS NULL) THEN ${feature.aggregate}(${part}) FILTER (${counts}) END`;
}

/** One feature of the samples of a cell; `last` tells which of them are the last. */
function inCell(feature: Feature, source: FeatureSource, last?: string): string {
  const read = reads(feature);
  if (feature.transform !== 'rate')
    return last === undefined ? `arg_max_null(${read}, _place)` : `max(${read}) FILTER (${last})`;
  const isRising = feature.kind === 'counter' ? `AND bool_and(${read} >= 0)` : '';
  return `CASE WHEN count(${read}) = count(_dt) ${isRising} AND ${isUnbroken(source)}
    THEN sum(${read}) / nullif(sum(_dt), 0) * ${NS_PER_S} * ${feature.scale}${divisor(feature)} END`;
}

/** From the sample before to this one, or what this one reads. */
function reading({ transform, kind, state }: Feature, value: string): string {
  if (transform === 'state') return `CAST(${value} = ${quoteText(state!)} AS DOUBLE)`;
  if (transform === 'level') return `CAST(${value} AS DOUBLE)`;
  return kind === 'counter'
    ? `${value} - lag(${value}) OVER w`
    : `CASE WHEN lag(t_mono_ns) OVER w IS NOT NULL THEN ${value} END`;
}

/** The column in which the steps or readings of a feature stand. */
const reads = ({ field, item, transform, state }: Feature): string =>
  quoteName(['_read', item ?? field, transform, state ?? ''].join(' '));

/** The column of a feature of one record. A sum and a maximum of one field may be divided by something else. */
const partOf = (feature: Feature): string => quoteName(`${feature.normalised_by ?? ''} ${reads(feature)}`);

function distinct(features: readonly Feature[], by: (feature: Feature) => string): Feature[] {
  return [...new Map(features.map((feature) => [by(feature), feature])).values()];
}

const DIVISORS = { cpus: ' / any_value(_cpus * _clock_ticks)', cpu: ' / any_value(_clock_ticks)' };
const divisor = ({ normalised_by: by }: Feature): string => (by === null ? '' : DIVISORS[by]);

/** Time and epoch from the sample before. */
const STEP = 't_mono_ns - lag(t_mono_ns) OVER w AS _dt, _epoch <> lag(_epoch) OVER w AS _is_new_epoch';

const isUnbroken = ({ max_age_ns: maxAgeNs }: FeatureSource): string =>
  `NOT coalesce(bool_or(_is_new_epoch OR _dt > ${maxAgeNs}), false)`;

/** The number of the cell: the first whose end is not before the sample. */
const stepOf = (gridNs: number): string => `(t_mono_ns + ${gridNs - 1}) // ${gridNs}`;

const PLACED = 'episode_id, t_mono_ns, _place, _epoch';
const RECORD = `${PLACED}, _cpus, _clock_ticks, _step, _is_last`;

const epochOf = ({ envelope }: FeatureSource): string => (envelope === 'tick' ? 'epoch' : '0');

const placed = (rows: string, { source }: CellsOptions): string =>
  `(SELECT *, ${source.envelope} AS _place, ${epochOf(source)} AS _epoch FROM ${rows})`;

/** With the cell of each sample, and whether it is the last of it, if a level needs that: it costs a sort. */
function withLast(features: readonly Feature[], options: CellsOptions): string {
  const samples = `(SELECT *, ${stepOf(options.gridNs)} AS _step FROM ${placed(options.rows, options)})`;
  const last = features.every(({ transform }) => transform === 'rate')
    ? 'false'
    : '_place = max(_place) OVER (PARTITION BY episode_id, _step)';
  return `(SELECT *, ${last} AS _is_last FROM ${samples})`;
}

const oneRowPerTick = (options: CellsOptions): string => `(
    SELECT episode_id, _place, max(t_mono_ns) AS t_mono_ns, max(_epoch) AS _epoch
    FROM ${placed(options.rows, options)} GROUP BY episode_id, _place)`;
