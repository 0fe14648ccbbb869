import type { Content, Html } from '../text/html.js';
import { html } from '../text/html.js';

/** A fact and its name; one that is null is not told. */
export type Fact = readonly [name: string, value: Content];

/** Facts under a heading. Nothing where none is known. */
export function factsCard(title: string, facts: readonly Fact[]): Html | null {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false);
  if (known.length === 0) return null;
  const items = known.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return html`<section class="card"><h3>${title}</h3><dl class="facts">${items}</dl></section>`;
}

/** A table that says what it is. Cells of the first column are headers of their rows. */
export function table(caption: string, head: readonly Content[], rows: readonly (readonly Content[])[]): Html {
  const body = rows.map(
    ([first, ...cells]) => html`<tr><th scope="row">${first}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${body}</tbody></table></div>`;
}
