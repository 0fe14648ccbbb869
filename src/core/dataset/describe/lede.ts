import type { DatasetDocument } from '../dataset-document.js';
import { alignedTotal } from './dataset-figures.js';

/** What the data set is, in two sentences of plain text. */
export function lede(document: DatasetDocument): string {
  const { episodes, classes, views } = document;
  const rows = counted(alignedTotal(document), 'labelled row');
  const of = classes.length === 0 ? '' : ` of ${counted(classes.length, 'class', 'classes')} (${classes.join(', ')})`;
  const what = `${rows}${of} from ${counted(episodes.length, 'episode')} of recorded telemetry`;
  return `${what}, for training behavioural malware detectors. ${VIEW_SENTENCES[widest(views)]}`;
}

const VIEW_SENTENCES = {
  deployable: 'Every feature can be read on a deployed device.',
  oracle:
    'Some of it can be read in the lab alone; its folders say so, and no model that is deployed may learn from it.',
} as const;

const widest = (views: readonly string[]): keyof typeof VIEW_SENTENCES =>
  views.every((view) => view === 'deployable') ? 'deployable' : 'oracle';

/** "1 row", "1,234 rows". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${thousands(count)} ${count === 1 ? one : many}`;
}

/** 1234567 as "1,234,567", whatever the machine's language. */
export const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
