import { type Html, html } from '../../text/html.js';
import { thousands } from './lede.js';

/** Whether a deployed device has it, at a glance; null for what is not observed. */
export function badge(isDeployable: boolean | null): Html {
  if (isDeployable === null) return html`<span class="badge plain">all views</span>`;
  return isDeployable
    ? html`<span class="badge deployable">deployable</span>`
    : html`<span class="badge oracle">oracle</span>`;
}

export interface TableColumn<T> {
  readonly title: string;
  readonly cell: (item: T) => Html | string | number;
  /** Set to the right, in figures of one width. */
  readonly isNumber?: boolean;
  readonly isWide?: boolean;
}

/** A table in a region of its own that scrolls where it is too wide; its first column heads the rows. */
export function dataTable<T>(caption: string, columns: readonly TableColumn<T>[], items: readonly T[]): Html {
  const heads = columns.map((column) => html`<th scope="col" class="${classOf(column)}">${column.title}</th>`);
  const rows = items.map((item) => html`<tr>${columns.map((column, i) => cell(column, i, item))}</tr>\n`);
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<thead><tr>${heads}</tr></thead>
<tbody>
${rows}</tbody></table></div>`;
}

function cell<T>(column: TableColumn<T>, index: number, item: T): Html {
  const value = column.cell(item);
  const content = typeof value === 'number' ? thousands(value) : value;
  return index === 0
    ? html`<th scope="row" class="${classOf(column)}">${content}</th>`
    : html`<td class="${classOf(column)}">${content}</td>`;
}

const classOf = ({ isNumber, isWide }: TableColumn<never>): string =>
  [isNumber === true && 'number', isWide === true && 'wide'].filter(Boolean).join(' ');

/** A page stays one that opens: beyond so many lines it says how many there are, and where. */
const MOST_LINES = 1000;

export const firstOf = <T>(items: readonly T[]): readonly T[] => items.slice(0, MOST_LINES);

export function andMore(items: readonly unknown[]): Html {
  const rest = items.length - MOST_LINES;
  return rest > 0 ? html`<p>${thousands(rest)} more are in dataset.json.</p>` : html``;
}

/** Three or four digits, as far as a person cares; "none" where there is no value. */
export function figure(value: number | null): string {
  if (value === null) return 'none';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) return value.toExponential(2).replace('e+', 'e');
  return Number.isInteger(value) ? thousands(value) : String(Number(value.toPrecision(4)));
}
