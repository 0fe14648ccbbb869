import { type Html, html } from '../text/html.js';
import type { ChartContent } from './chart-cards.js';
import { table } from './facts.js';
import { formatTick, formatTime } from './format-value.js';
import type { PhaseSpans } from './phase-spans.js';

/** What each line was in the mean, in each phase. */
export function phaseMeans(
  source: string,
  charts: readonly ChartContent[],
  { columns, leftOut }: PhaseSpans,
): Html | null {
  if (charts.length === 0 || columns.length === 0) return null;
  const head = [
    'field',
    'unit',
    ...columns.map(({ phase, label, ns }) => html`${phase}<br><small>${label}, ${formatTime(ns / 1e9, 1)}</small>`),
  ];
  const rows = charts.flatMap(({ title, measure, lines }) =>
    lines.map(({ label, line }) => [
      label === '' ? title : `${title} · ${label}`,
      measure.unit,
      ...columns.map((_, i) => meanText(line.meanIn(i), measure.unit)),
    ]),
  );
  return html`<details class="means"><summary>Means per phase</summary>
${table(`${source}: mean of each field in each phase, of counters as rates`, head, rows)}
${leftOut > 0 && html`<p class="note">${leftOut} more phases are not in this table.</p>`}</details>`;
}

const meanText = (mean: number | null, unit: string): string => (mean === null ? '–' : formatTick(mean, unit));
