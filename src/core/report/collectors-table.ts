import { type Html, html } from '../text/html.js';
import { availabilityBadge } from './badges.js';
import type { SourceContent } from './collect-report.js';
import { table } from './facts.js';
import { formatTime } from './format-value.js';

const NS_PER_MS = 1e6;
const HEAD = [
  ...['source', 'availability', 'vantage', 'plugin', 'every', 'rows', 'missed ticks'],
  ...['late (median, p99)', 'longest gap', 'refused, lost, threw', 'state'],
];

/** How each collector did. */
export function collectorsTable(sources: readonly SourceContent[]): Html {
  return html`<section aria-labelledby="collectors"><h2 id="collectors">Collectors</h2>
${table('What each collector recorded, and what it missed', HEAD, sources.map(cells))}</section>`;
}

function cells({ source, figures, rows }: SourceContent) {
  const { plugin, vantage, ticks_missed: missed, ticks_scheduled: scheduled, lateness_ns: late } = figures;
  const { rows_invalid: invalid, rows_lost: lost, sample_errors: threw, longest_gap_ns: gap, state } = figures;
  const ms = (ns: number) => `${Number((ns / NS_PER_MS).toPrecision(3))} ms`;
  return [
    html`<a href="#source-${source.name}">${source.name}</a>`,
    availabilityBadge(figures.available_in_deployment),
    vantage,
    `${plugin.name} ${plugin.version ?? ''}${plugin.origin === 'builtin' ? '' : `, ${plugin.owner}`}`,
    source.intervalNs === null ? 'stream' : ms(source.intervalNs),
    String(rows),
    missed === null ? '–' : html`<span class="${missed > 0 && 'bad'}">${missed} of ${scheduled}</span>`,
    late === null ? '–' : `${ms(late.p50)}, ${ms(late.p99)}`,
    formatTime(gap / 1e9),
    html`<span class="${invalid + lost + threw > 0 && 'bad'}">${invalid}, ${lost}, ${threw}</span>`,
    html`<span class="${state !== 'ok' && 'bad'}">${state}${figures.state_reason !== null && `: ${figures.state_reason}`}</span>`,
  ];
}
