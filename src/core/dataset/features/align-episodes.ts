import { quoteName, quoteText, values } from '../duckdb/sql.js';
import type { Feature, FeatureDocument } from '../feature-document.js';
import type { EpisodeInput } from '../select/episode-input.js';
import { labelSpans, NO_CLASS } from './label-spans.js';

export interface AlignOptions {
  readonly document: FeatureDocument;
  readonly episodes: readonly EpisodeInput[];
  readonly keepResidual: boolean;
  /** The relation of each source's cells, as `sourceCells` makes them. */
  readonly cells: ReadonlyMap<string, string>;
}

/**
 * A query: each row of the grid of these episodes, from step 1 on: `episode_id`, `step`, `segment`, the times, `label`,
 * `phase`, `technique` (null where the label does not hold), `reason` (why the row is not for training, or null),
 * `on_label` (of the interval at its time, whether it holds or not), and every feature.
 *
 * Sources are joined backward only: a row knows nothing that happened after its time.
 */
export function alignEpisodes({ document, episodes, keepResidual, cells }: AlignOptions): string {
  const sources = document.sources.map(({ source }) => source);
  const features = document.features.map(({ name }) => quoteName(name));
  const firsts = sources.map((source) => column(source, 'first_ns'));
  const isWhole = sources.map((source) => `coalesce(${column(source, 'is_whole')}, false)`).join(' AND ');
  return `
    WITH grid AS (
      SELECT episode_id, origin_ns, step, step * ${document.grid_ns} AS t
      FROM (SELECT *, unnest(generate_series(1, end_ns // ${document.grid_ns})) AS step FROM ${episodeValues(episodes)})
    ),
    intervals AS (FROM ${intervalValues(episodes, document.guard_ns)}),
    joined AS (
      SELECT grid.*, intervals.* EXCLUDE (episode_id), ${features.join(', ')},
        least(${[...firsts, 'grid.t'].join(', ')}) AS first_ns
        ${sources.map((source) => `, grid.t - ${column(source, 'last_ns')} AS ${quoteName(ageOf(source))}`).join('')},
        ${isWhole} AS is_whole
      FROM grid ASOF LEFT JOIN intervals ON grid.episode_id = intervals.episode_id AND grid.t > intervals.start_ns
      ${document.sources.map(({ source, max_age_ns: maxAgeNs }) => fresh(source, cells.get(source)!, maxAgeNs, document.grid_ns)).join('\n')}
    ),
    judged AS (
      SELECT *, first_ns >= holds_from_ns AND t <= holds_until_ns AS holds FROM joined
    ),
    placed AS (
      SELECT *, is_whole AND coalesce(holds, false) AS is_inside,
        lag(is_whole AND coalesce(holds, false)) OVER w AS was_inside, lag(span) OVER w AS last_span
      FROM judged WINDOW w AS (PARTITION BY episode_id ORDER BY step)
    )
    SELECT episode_id, step,
      CASE WHEN is_inside THEN count(*) FILTER (
        is_inside AND (was_inside IS NOT TRUE OR last_span IS DISTINCT FROM span)
      ) OVER (PARTITION BY episode_id ORDER BY step) - 1 END AS segment,
      t AS t_mono_ns, origin_ns + t AS t_wall_ns, t - first_ns AS lookback_ns,
      ${sources.map((source) => `${quoteName(ageOf(source))}, `).join('')}
      CASE WHEN holds THEN label END AS label, CASE WHEN holds THEN phase END AS phase,
      CASE WHEN holds THEN technique END AS technique,
      ${reason(document.features, keepResidual)} AS reason, label AS on_label,
      ${features.join(', ')}
    FROM placed
    ORDER BY episode_id, step`;
}

export const ageOf = (source: string): string => `${source}__age_ns`;

const column = (source: string, name: string): string => `${quoteName(source)}.${quoteName(name)}`;

/** The last cell that is not later, unless its last sample is too old. */
const fresh = (source: string, cells: string, maxAgeNs: number, gridNs: number): string => `
      LEFT JOIN (
        SELECT g.step AS of_step, c.*
        FROM grid AS g ASOF JOIN ${cells} AS c ON g.episode_id = c.episode_id AND g.step >= c.step
        WHERE g.step * ${gridNs} - c.last_ns <= ${maxAgeNs}
      ) AS ${quoteName(source)}
      ON grid.episode_id = ${column(source, 'episode_id')} AND grid.step = ${column(source, 'of_step')}`;

function reason(features: readonly Feature[], keepResidual: boolean): string {
  const anything = features.map(({ name }) => quoteName(name)).join(', ');
  return `CASE WHEN label IS NULL OR label IN (${NO_CLASS.map(quoteText).join(', ')}) THEN 'no_class'
        ${keepResidual ? '' : `WHEN is_residual THEN 'residual'`}
        WHEN NOT holds THEN 'boundary'
        WHEN coalesce(${anything}) IS NULL THEN 'no_data' END`;
}

const bigint = (value: number | bigint): string => `${value}::BIGINT`;

const episodeValues = (episodes: readonly EpisodeInput[]): string =>
  values(
    'episode',
    ['episode_id', 'end_ns', 'origin_ns'],
    episodes.map(({ id, endNs, meta }) => [
      quoteText(id),
      bigint(endNs),
      bigint(BigInt(meta.clocks.origin_realtime_ns ?? 0)),
    ]),
  );

/** An episode without a label has one row of nulls less: its rows have no class. */
function intervalValues(episodes: readonly EpisodeInput[], guardNs: number): string {
  const rows = episodes.flatMap((episode) =>
    labelSpans(episode, guardNs).map((span) => [
      quoteText(episode.id),
      bigint(span.startNs),
      String(span.span),
      bigint(span.holdsFromNs),
      bigint(span.holdsUntilNs),
      quoteText(span.label),
      quoteText(span.phase),
      span.technique === null ? 'NULL::VARCHAR' : quoteText(span.technique),
      String(span.isResidual),
    ]),
  );
  const names = ['episode_id', 'start_ns', 'span', 'holds_from_ns', 'holds_until_ns', 'label', 'phase', 'technique'];
  return values('interval', [...names, 'is_residual'], rows);
}
