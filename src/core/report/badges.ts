import { type Html, html } from '../text/html.js';

/** Whether a deployed device has it too, told by colour and by word. */
export function availabilityBadge(isDeployable: boolean | null): Html {
  if (isDeployable === null) return html`<span class="badge">not known</span>`;
  return isDeployable
    ? html`<span class="badge deployable" title="A deployed device has this source too.">deployable</span>`
    : html`<span class="badge oracle" title="No deployed device has this source: an oracle, for the lab only.">oracle</span>`;
}

/** A label's name with its colour. */
export function labelMark(label: string, tone: string): Html {
  return html`<span class="mark tone-${tone}">${label}</span>`;
}
