import { type Html, html } from '../../text/html.js';
import type { DatasetDocument } from '../dataset-document.js';
import { alignedRows, alignedTotal, episodesIn, ofFirstView } from './dataset-figures.js';
import { counted } from './lede.js';
import { dataTable } from './overview-parts.js';

const BAR_WIDTH = 1000;
const BAR_HEIGHT = 22;
const COLOURS = 6;

/** How much there is of each class in each split: a bar a split, as long as the split is large. */
export function overviewClasses(document: DatasetDocument): Html {
  const { splits, classes } = document;
  const largest = Math.max(1, ...splits.map((split) => alignedTotal(document, split)));
  const columns = [
    { title: 'split', cell: (split: string) => split },
    { title: 'share of classes', isWide: true, cell: (split: string) => bar(document, split, largest) },
    ...classes.map((label) => ({
      title: label,
      isNumber: true,
      cell: (split: string) => alignedRows(document, split, label),
    })),
    { title: 'all rows', isNumber: true, cell: (split: string) => alignedTotal(document, split) },
    { title: 'episodes', isNumber: true, cell: (split: string) => episodesIn(document, split).length },
  ];
  return html`<section id="classes"><h2>Classes by split</h2>
<p>Rows of aligned${ofFirstView(document)}. ${splits.length > 1 ? 'No group of episodes is in two splits.' : 'Nothing was split.'}</p>
<ul class="legend">${classes.map((label) => legend(label, classes))}</ul>
${dataTable('Classes by split', columns, splits)}</section>`;
}

function legend(label: string, classes: readonly string[]): Html {
  const dot = html`<svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" rx="2.5" class="${colour(label, classes)}"/></svg>`;
  return html`<li>${dot}${label}</li>`;
}

/** The parts of a bar stand a little apart, so that they are told apart without their colours. */
function bar(document: DatasetDocument, split: string, largest: number): Html {
  const { classes } = document;
  const all = alignedTotal(document, split);
  const words = classes.map((label) => `${label} ${percent(alignedRows(document, split, label), all)}`);
  let x = 0;
  const parts = classes.map((label) => {
    const width = (BAR_WIDTH * alignedRows(document, split, label)) / largest;
    const part = html`<rect x="${x.toFixed(1)}" width="${Math.max(0, width - 2).toFixed(1)}" height="${BAR_HEIGHT}" class="${colour(label, classes)}"/>`;
    x += width;
    return part;
  });
  const title = `${split}, ${counted(all, 'row')}: ${words.join(', ')}`;
  return html`<svg class="bar" viewBox="0 0 ${BAR_WIDTH} ${BAR_HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${title}"><title>${title}</title>${parts}</svg>`;
}

function colour(label: string, classes: readonly string[]): string {
  if (label === 'benign' || label === 'malicious') return label;
  const own = classes.filter((name) => name !== 'benign' && name !== 'malicious');
  return `k${own.indexOf(label) % COLOURS}`;
}

const percent = (part: number, all: number): string => (all === 0 ? '0 %' : `${Math.round((100 * part) / all)} %`);
