import type { LabelInterval } from '../reading/recorded-episode.js';
import { type Html, html } from '../text/html.js';
import { type SourceCharts, sourceCharts } from './chart-cards.js';
import type { ReportContent } from './collect-report.js';
import { collectorsTable } from './collectors-table.js';
import { observed } from './observed.js';
import { renderPage } from './page.js';
import type { PageData, PagePhase } from './page-data.js';
import { sourceSection } from './source-section.js';
import { eventsTable, eventText, labelsTable } from './time-tables.js';
import { labelTones } from './tones.js';
import { toolbar } from './toolbar.js';
import { verdictHeader } from './verdict-header.js';

/** More are not shaded. */
const MOST_SHADED = 500;
const NS_PER_S = 1e9;
const NS_PER_MS = 1_000_000n;

export interface EpisodePage {
  /** The whole file. */
  readonly text: string;
  readonly charts: number;
}

/** A report's page. */
export function episodePage(content: ReportContent): EpisodePage {
  const tones = labelTones(content.intervals.map(({ label }) => label));
  const sources = content.sources.map(sourceCharts);
  const data: PageData = {
    endS: content.endNs / NS_PER_S,
    originMs: originMs(content),
    phases: content.intervals.slice(0, MOST_SHADED).map((interval) => shaded(interval, tones, content.endNs)),
    events: content.events.rows.map((row) => ({ at: row.t_mono_ns / NS_PER_S, text: eventText(row) })),
    axes: sources.map(({ axis }) => axis),
    charts: sources.flatMap((each) => each.data),
  };
  const title = `episode ${content.episode.id}`;
  return { text: renderPage({ title, body: bodyOf(content, sources, tones), data }), charts: data.charts.length };
}

function bodyOf(content: ReportContent, charts: readonly SourceCharts[], tones: ReadonlyMap<string, string>): Html {
  const { episode, sources, spans } = content;
  const firsts = charts.map((_, i) => charts.slice(0, i).reduce((sum, each) => sum + each.charts.length, 0));
  const sections = sources.map((source, i) => sourceSection(source, charts[i]!, firsts[i]!, spans));
  const hasRows = sources.some(({ rows }) => rows > 0);
  return html`${verdictHeader(episode)}
<main>
${observed(episode.meta)}
${toolbar(sources.map(({ source }) => source.name))}
${!hasRows && html`<p class="note empty">No collector recorded a single row: there is nothing to draw.</p>`}
<div class="sources">${sections}<p class="note nothing" hidden>No field has this in its name.</p></div>
${labelsTable(content, tones)}
${eventsTable(content)}
${collectorsTable(sources)}
</main>
<footer><p>A picture of the rows of episode <code>${episode.id}</code>, which cis490 ${episode.meta.recorder.version} recorded.</p></footer>`;
}

function shaded(
  { fromNs, untilNs, phase, label }: LabelInterval,
  tones: ReadonlyMap<string, string>,
  endNs: number,
): PagePhase {
  return {
    from: Math.max(0, fromNs) / NS_PER_S,
    to: (untilNs ?? endNs) / NS_PER_S,
    phase,
    label,
    tone: tones.get(label)!,
  };
}

function originMs({ episode }: ReportContent): number | null {
  const { origin_realtime_ns: origin } = episode.meta.clocks;
  return origin === null ? null : Number(BigInt(origin) / NS_PER_MS);
}
