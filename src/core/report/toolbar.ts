import { type Html, html } from '../text/html.js';

/** Stays in sight: the phases as a map of the whole, what is searched for, and what the keys do. */
export function toolbar(sources: readonly string[]): Html {
  return html`<nav class="bar" aria-label="Time, phases and search">
<div class="strip" role="group" aria-label="Phases; choose one to look at it alone"></div>
<div class="tools">
<span class="readout" aria-hidden="true"></span>
<span class="space"></span>
<label class="search"><span class="sr">Search fields</span><input type="search" placeholder="search fields" autocomplete="off" spellcheck="false"></label>
<label class="check"><input type="checkbox" class="moving"> only what moves</label>
<select class="jump" aria-label="Go to a source"><option value="">go to ...</option>${sources.map((name) => html`<option>${name}</option>`)}</select>
<button type="button" class="reset" title="Show the whole time (0)">whole time</button>
<button type="button" class="theme" title="Light or dark">light / dark</button>
<details class="help"><summary>keys</summary><div><p>Drag over a chart to look closer; all charts follow. A double click shows the whole.</p><dl>
<div><dt><kbd>←</kbd> <kbd>→</kbd></dt><dd>earlier, later</dd></div>
<div><dt><kbd>+</kbd> <kbd>−</kbd></dt><dd>closer, wider</dd></div>
<div><dt><kbd>0</kbd></dt><dd>the whole time</dd></div>
<div><dt><kbd>Shift</kbd> <kbd>←</kbd> <kbd>→</kbd></dt><dd>move the crosshair; on a chart that has the focus its values are told</dd></div>
<div><dt><kbd>/</kbd></dt><dd>search fields</dd></div>
</dl></div></details>
</div>
<p class="sr" role="status"></p>
</nav>`;
}
