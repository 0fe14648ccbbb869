import { type Html, html } from '../text/html.js';
import { availabilityBadge } from './badges.js';
import type { SourceContent } from './collect-report.js';
import { formatTick, formatValue } from './format-value.js';
import type { Line } from './line.js';
import type { Measure, MeasureGroup } from './measures.js';
import type { PageAxis, PageChart, PageLine } from './page-data.js';
import type { Track } from './track.js';

/** One chart: a measure, with a line for each record that has it. */
export interface ChartContent {
  /** `rss_bytes`, `cpus · user_jiffies`. */
  readonly title: string;
  readonly measure: Measure;
  readonly lines: readonly { readonly label: string; readonly line: Line }[];
  readonly leftOut: number;
  /** Records of what. */
  readonly array: string | null;
}

export interface SourceCharts {
  readonly axis: PageAxis;
  readonly charts: readonly ChartContent[];
  readonly data: readonly PageChart[];
  /** Columns that never had a value, and columns of text. */
  readonly empty: readonly string[];
  readonly undrawn: readonly string[];
}

const NS_PER_S = 1e9;

/** The charts of a source. `axisIndex`: where its axis stands among those of the page. */
export function sourceCharts({ series }: SourceContent, axisIndex: number): SourceCharts {
  const all = series.groups.flatMap(({ group, drawn }) =>
    group.measures.map((measure, i) => chartOf(group, measure, drawn.tracks, i, drawn.leftOut)),
  );
  const charts = all.filter(({ lines }) => lines.length > 0);
  const points = series.axis.points(charts.flatMap(({ lines }) => lines.map(({ line }) => line.series)));
  let next = 0;
  const data = charts.map(({ lines, measure }) => ({
    axis: axisIndex,
    unit: measure.unit,
    lines: lines.map(({ label }): PageLine => ({ label, values: packed(points.values[next++]!) })),
  }));
  return {
    axis: {
      seconds: base64(points.seconds),
      bucketS: series.axis.bucketS,
      gaps: series.gaps.flatMap(({ fromNs, toNs }) => [fromNs / NS_PER_S, toNs / NS_PER_S]),
    },
    charts,
    data,
    empty: all.filter(({ lines }) => lines.length === 0).map(({ title }) => title),
    undrawn: series.groups.flatMap(({ group }) => group.undrawn.map((column) => titleOf(group, column))),
  };
}

function chartOf(
  group: MeasureGroup,
  measure: Measure,
  tracks: readonly Track[],
  index: number,
  leftOut: number,
): ChartContent {
  const lines = tracks.map(({ label, lines: own }) => ({ label, line: own[index]! }));
  const drawn = lines.filter(({ line }) => line.mean !== null);
  return { title: titleOf(group, measure.column), measure, lines: drawn, leftOut, array: group.array };
}

const titleOf = ({ array }: MeasureGroup, column: string): string => (array === null ? column : `${array} · ${column}`);

function base64(values: Float64Array | Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

/** A line that never moves is one number. */
function packed(values: Float32Array): string | number {
  const first = values[0] ?? Number.NaN;
  return Number.isFinite(first) && values.every((value) => value === first) ? first : base64(values);
}

/** The place in which the page draws a chart, with all that is to be said of it in words. */
export function chartCard(chart: ChartContent, index: number, source: string): Html {
  const { title, measure, lines, leftOut, array } = chart;
  const isFlat = lines.every(({ line }) => line.min === line.max);
  const flatClass = isFlat ? ' flat' : '';
  return html`<figure class="chart ${measure.availableInDeployment ? 'deployable' : 'oracle'}${flatClass}" data-chart="${index}" data-search="${`${source} ${title}`.toLowerCase()}">
<figcaption><h4 title="${measure.description}">${title}</h4> ${kindMark(measure)} ${availabilityBadge(measure.availableInDeployment)} <span class="value" aria-hidden="true"></span></figcaption>
<div class="plot" role="img" tabindex="0" aria-label="${inWords(chart, source)}"></div>
${lines.length > 1 || lines[0]?.label !== '' ? legend(chart) : html`<p class="stats">${statistics(lines[0]!.line, measure.unit)}</p>`}
${leftOut > 0 && html`<p class="stats">${leftOut} more of ${array ?? 'its rows'} did less and are not drawn</p>`}
</figure>`;
}

function kindMark({ kind, transform, unit }: Measure): Html {
  const how = transform === 'level' ? kind : `${kind}, as a rate`;
  return html`<span class="unit" title="${how}">${unit === '' ? kind : unit}</span>`;
}

function legend({ lines, measure }: ChartContent): Html {
  const items = lines.map(
    ({ label, line }, i) =>
      html`<li class="line-${lines.length === 1 ? 'alone' : i}" title="${statistics(line, measure.unit)}"><i></i>${label} <span class="value" aria-hidden="true">${formatValue(line.mean, measure.unit)}</span></li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}

const statistics = ({ min, mean, max }: Line, unit: string): string =>
  `min ${formatTick(min, unit)} · mean ${formatTick(mean!, unit)} · max ${formatTick(max, unit)}`;

function inWords({ title, measure, lines, leftOut }: ChartContent, source: string): string {
  const unit = measure.unit === '' ? '' : ` in ${measure.unit}`;
  const said = lines.map(({ label, line }) => `${label === '' ? '' : `${label}: `}${statistics(line, measure.unit)}`);
  const more = leftOut > 0 ? `; ${leftOut} more are not drawn` : '';
  return `${source} ${title}${unit} over time, ${measure.availableInDeployment ? 'deployable' : 'oracle'}; ${said.join('; ')}${more}`;
}
