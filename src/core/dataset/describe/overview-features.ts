import { timeInWords } from '../../grade/in-words.js';
import { type Html, html, NOTHING } from '../../text/html.js';
import type { DatasetDocument, View } from '../dataset-document.js';
import type { Feature, FeatureDocument, FeatureStatistics } from '../feature-document.js';
import { counted } from './lede.js';
import { badge, dataTable, figure } from './overview-parts.js';
import { VIEW_WORDS } from './view-words.js';

const WIDTH = 130;
const MIDDLE = 7;
const MARGIN = 4;
/** A source with more features than this is folded up. */
const MOST_SHOWN = 16;

/** The features of each view, source by source, with what they are like in the split train. */
export function overviewFeatures({ views }: DatasetDocument, features: ReadonlyMap<View, FeatureDocument>): Html {
  const documents = views.flatMap((view) => features.get(view) ?? []);
  if (documents.length === 0) return NOTHING;
  return html`<section id="features"><h2>Features</h2>
<p>What may be learned from. Statistics are of the split train alone: a line from the least to the greatest value, the mean as a dot, and a standard deviation to each side of it.</p>
${documents.map(viewFeatures)}</section>`;
}

function viewFeatures(document: FeatureDocument): Html {
  const { view, grid_ns, guard_ns, sources, features } = document;
  const rule = `A row every ${timeInWords(grid_ns)}; a label has to hold over the look-back and ${timeInWords(guard_ns)} more.`;
  const groups = sources.map(({ source }) => sourceFeatures(document, source));
  return html`<h3>${view} <span class="soft">${counted(features.length, 'feature')}</span></h3>
<p class="soft">${VIEW_WORDS[view]} ${rule}</p>
${groups}`;
}

function sourceFeatures({ view, sources, features }: FeatureDocument, name: string): Html {
  const own = features.filter(({ source }) => source === name);
  if (own.length === 0) return NOTHING;
  const isDeployable = sources.find(({ source }) => source === name)!.available_in_deployment;
  const summary = html`<summary>${name} ${badge(isDeployable)} <span class="soft">${counted(own.length, 'feature')}</span></summary>`;
  const table = dataTable(`Features of ${name} in ${view}`, COLUMNS, own);
  return own.length <= MOST_SHOWN
    ? html`<details open>${summary}${table}</details>`
    : html`<details>${summary}${table}</details>`;
}

const COLUMNS = [
  { title: 'feature', isWide: true, cell: nameCell },
  { title: 'unit', cell: ({ unit }: Feature) => unit },
  { title: 'spread', cell: ({ name, statistics }: Feature) => spread(name, statistics) },
  { title: 'mean', isNumber: true, cell: ({ statistics }: Feature) => figure(statistics?.mean ?? null) },
  { title: 'deviation', isNumber: true, cell: ({ statistics }: Feature) => figure(statistics?.std ?? null) },
  { title: 'least', isNumber: true, cell: ({ statistics }: Feature) => figure(statistics?.min ?? null) },
  { title: 'greatest', isNumber: true, cell: ({ statistics }: Feature) => figure(statistics?.max ?? null) },
  { title: 'nulls', isNumber: true, cell: ({ statistics }: Feature) => nullShare(statistics) },
];

function nameCell({ name, description }: Feature): Html {
  return html`<code>${name}</code><span class="soft">${description}</span>`;
}

function nullShare(statistics: FeatureStatistics | null): string {
  if (statistics === null || statistics.rows === 0) return 'none';
  const { rows, nulls } = statistics;
  return nulls === 0 ? '0' : `${((100 * nulls) / rows).toFixed(1)} %`;
}

/** Where the values lie between the least and the greatest; a dot alone where they are all the same. */
function spread(name: string, statistics: FeatureStatistics | null): Html {
  if (statistics === null || statistics.mean === null) return html`<span class="soft">no values</span>`;
  const { mean, std } = statistics;
  const [min, max] = [statistics.min ?? mean, statistics.max ?? mean];
  const x = (value: number) => place(value, min, max).toFixed(1);
  const [from, to] = [Math.max(min, mean - (std ?? 0)), Math.min(max, mean + (std ?? 0))];
  const title = `${name}: from ${figure(min)} to ${figure(max)}, mean ${figure(mean)}`;
  const line = (kind: string, a: number, b: number) =>
    html`<line class="${kind}" x1="${x(a)}" x2="${x(b)}" y1="${MIDDLE}" y2="${MIDDLE}"/>`;
  const lines = max > min ? [line('range', min, max), line('deviation', from, to)] : [];
  return html`<svg class="spread" viewBox="0 0 ${WIDTH} ${2 * MIDDLE}" role="img" aria-label="${title}"><title>${title}</title>${lines}<circle class="mean" cx="${x(mean)}" cy="${MIDDLE}" r="3"/></svg>`;
}

function place(value: number, min: number, max: number): number {
  const share = max > min ? (value - min) / (max - min) : 0.5;
  return MARGIN + share * (WIDTH - 2 * MARGIN);
}
