import type { CollectorFigures } from '../episode/collector-figures.js';
import { CisError } from '../errors/cis-error.js';
import type { AsRead, EventRow, LabelInterval, RecordedEpisode, RecordedSource } from '../reading/recorded-episode.js';
import { PhaseSpans } from './phase-spans.js';
import { SourceSeries } from './source-series.js';

/** More are counted, and not told one by one. */
const MOST_EVENTS = 500;

export interface SourceContent {
  readonly source: RecordedSource;
  readonly figures: AsRead<CollectorFigures>;
  readonly rows: number;
  readonly series: SourceSeries;
}

/** What a report tells, taken from an episode's files in one pass over each. Bounded, however long the episode is. */
export interface ReportContent {
  readonly episode: RecordedEpisode;
  readonly endNs: number;
  readonly intervals: readonly LabelInterval[];
  readonly spans: PhaseSpans;
  readonly events: { readonly rows: readonly EventRow[]; readonly leftOut: number };
  readonly sources: readonly SourceContent[];
}

/** Throws EPISODE_DAMAGED. */
export async function collectReport(episode: RecordedEpisode): Promise<ReportContent> {
  const intervals = await episode.labels();
  const spans = new PhaseSpans(intervals);
  const endNs = Number(episode.meta.end_ns ?? 0);
  const events = await collectEvents(episode);
  const sources: SourceContent[] = [];
  for (const source of episode.sources) sources.push(await collectSource(episode, source, spans, endNs));
  return { episode, endNs, intervals, spans, events, sources };
}

async function collectEvents(episode: RecordedEpisode): Promise<ReportContent['events']> {
  const rows: EventRow[] = [];
  let leftOut = 0;
  for await (const row of episode.events()) {
    if (rows.length < MOST_EVENTS) rows.push(row);
    else leftOut++;
  }
  return { rows, leftOut };
}

async function collectSource(
  episode: RecordedEpisode,
  source: RecordedSource,
  spans: PhaseSpans,
  endNs: number,
): Promise<SourceContent> {
  const figures = episode.meta.collectors.find((each) => each.source === source.name)!;
  const file = `telemetry/${source.name}.jsonl`;
  const rows = episode.marker?.files.find(({ path }) => path === file)?.rows ?? 0;
  const series = new SourceSeries({ source, rows, endNs, ticksScheduled: figures.ticks_scheduled, spans });
  let count = 0;
  for await (const row of episode.rows(source.name)) {
    // else its points would be as many as somebody has forged
    if (++count > rows)
      throw new CisError('EPISODE_DAMAGED', `${file} of ${episode.path} has more rows than the ${rows} of done.marker`);
    series.add(row);
  }
  series.finish();
  return { source, figures, rows, series };
}
