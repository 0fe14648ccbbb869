import type { RecordedEpisode } from '../reading/recorded-episode.js';
import { type Html, html } from '../text/html.js';
import { formatTime } from './format-value.js';

const END_WORDS: Readonly<Record<string, string>> = {
  duration_over: 'its time was over',
  target_exited: 'the target was gone',
  signal: 'a signal ended it',
  disk_full: 'the disk was full',
  write_failed: 'a file could not be written',
  recorder_died: 'its recorder died',
};
const GRADE_WORDS: Readonly<Record<string, string>> = {
  ok: 'Nothing keeps it from being used.',
  degraded: 'It lacks something; what it has is sound.',
  invalid: 'It should not be trained on.',
};

/** The first thing to see: which episode, and whether it is any good. */
export function verdictHeader({ meta, marker, id }: RecordedEpisode): Html {
  const { grade, reasons, status, end_reason: endReason, history } = marker!;
  const facts = [
    `${status}: ${END_WORDS[endReason] ?? endReason}`,
    `${formatTime(Number(meta.end_ns ?? 0) / 1e9)} recorded`,
    meta.recovered === true ? 'recovered' : null,
    history.length > 0
      ? history.length === 1
        ? 'labels corrected once'
        : `labels corrected ${history.length} times`
      : null,
  ];
  return html`<header class="top">
<p class="kicker">cis490 episode</p>
<h1>${id}</h1>
<div class="verdict grade-${grade}"><p><strong>${grade}</strong> ${GRADE_WORDS[grade]}</p>
${reasons.length > 0 && html`<ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}</div>
<p class="summary">${facts.filter((fact) => fact !== null).join(' · ')}</p>
</header>`;
}
