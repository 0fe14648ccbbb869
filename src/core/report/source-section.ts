import { type Html, html } from '../text/html.js';
import { availabilityBadge } from './badges.js';
import { chartCard, type SourceCharts } from './chart-cards.js';
import type { SourceContent } from './collect-report.js';
import { formatTime } from './format-value.js';
import { phaseMeans } from './phase-means.js';
import type { PhaseSpans } from './phase-spans.js';

/** All that a source has told: its charts, and its means in each phase. `first`: the number of its first chart. */
export function sourceSection(content: SourceContent, charts: SourceCharts, first: number, spans: PhaseSpans): Html {
  const { source, figures } = content;
  const cards = charts.charts.map((chart, i) => chartCard(chart, first + i, source.name));
  return html`<details class="source ${source.availableInDeployment ? 'deployable' : 'oracle'}" id="source-${source.name}" open>
<summary><h2>${source.name}</h2> ${availabilityBadge(figures.available_in_deployment)} <span class="muted">${aboutRows(content)}</span></summary>
<p class="note">${figures.availability_rationale}</p>
${notes(content, charts).map((note) => html`<p class="note">${note}</p>`)}
<div class="grid">${cards}</div>
${phaseMeans(source.name, charts.charts, spans)}
</details>`;
}

function aboutRows({ source, rows, figures }: SourceContent): string {
  const every = source.intervalNs === null ? 'as they came' : `every ${formatTime(source.intervalNs / 1e9)}`;
  const vantage = figures.vantage === 'guest' ? ', from inside the guest' : '';
  return `${rows} rows, ${every}${vantage}`;
}

function notes({ rows, figures, series }: SourceContent, { empty, undrawn, axis }: SourceCharts): string[] {
  const { state, state_reason: reason } = figures;
  const { gapCount } = series;
  return [
    ...(state === 'ok' ? [] : [`This collector was ${state}${reason === null ? '.' : `: ${reason}`}`]),
    ...(rows === 0 ? ['There are no rows.'] : []),
    ...(gapCount > 0
      ? [`Samples are missing in ${gapCount === 1 ? 'one gap' : `${gapCount} gaps`}: hatched, and no line goes across.`]
      : []),
    ...(axis.bucketS === null
      ? []
      : [`Drawn by the least and the greatest value in each ${formatTime(axis.bucketS)}.`]),
    ...(empty.length > 0 && rows > 0 ? [`Without a value in any row: ${empty.join(', ')}.`] : []),
    ...(undrawn.length > 0 ? [`Text, and so not drawn: ${undrawn.join(', ')}.`] : []),
  ];
}
