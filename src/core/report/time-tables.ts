import { printJson } from '../json/exact-json.js';
import type { EventRow, LabelInterval } from '../reading/recorded-episode.js';
import { type Html, html } from '../text/html.js';
import { labelMark } from './badges.js';
import type { ReportContent } from './collect-report.js';
import { table } from './facts.js';
import { formatTime } from './format-value.js';

const NS_PER_S = 1e9;
const NS_PER_MS = 1e6;
/** More are told by their number. */
const MOST_INTERVALS = 500;
const OF_EVERY_EVENT = new Set(['t_mono_ns', 't_wall_ns', 'event', 'source', 'at_mono_ns']);

/** Which label held when. */
export function labelsTable({ intervals }: ReportContent, tones: ReadonlyMap<string, string>): Html {
  const head = ['phase', 'label', 'from', 'until', 'for', 'set by', 'may be off by', 'technique'];
  const rows = intervals.slice(0, MOST_INTERVALS).map((interval) => labelCells(interval, tones));
  return html`<section aria-labelledby="labels"><h2 id="labels">Phases and labels</h2>
${table('Which label held from when until when, corrections applied', head, rows)}
${intervals.length > MOST_INTERVALS && html`<p class="note">${intervals.length - MOST_INTERVALS} more are not listed.</p>`}</section>`;
}

function labelCells(interval: LabelInterval, tones: ReadonlyMap<string, string>) {
  const { phase, label, fromNs, untilNs, source, confirmed, uncertaintyNs, technique } = interval;
  const until = untilNs ?? fromNs;
  return [
    phase,
    labelMark(label, tones.get(label)!),
    formatTime(fromNs / NS_PER_S),
    formatTime(until / NS_PER_S),
    formatTime((until - fromNs) / NS_PER_S),
    `${source}${confirmed === false ? ', which failed' : confirmed === true ? ', confirmed' : ''}`,
    `${Number((uncertaintyNs / NS_PER_MS).toPrecision(3))} ms`,
    technique,
  ];
}

/** What happened. */
export function eventsTable({ events }: ReportContent): Html {
  const rows = events.rows.map((row) => [formatTime(row.t_mono_ns / NS_PER_S), row.event, row.source, fieldsText(row)]);
  return html`<section aria-labelledby="events"><h2 id="events">Events</h2>
${table('What happened, in order of arrival at the recorder', ['at', 'event', 'from', 'more'], rows)}
${events.leftOut > 0 && html`<p class="note">${events.leftOut} more are not listed, and not marked in the charts.</p>`}</section>`;
}

/** An event in one line. */
export function eventText(row: EventRow): string {
  const fields = fieldsText(row);
  return `${row.event}, ${row.source}${fields === '' ? '' : `: ${fields}`}`;
}

function fieldsText(row: EventRow): string {
  const own = Object.entries(row).filter(([key, value]) => !OF_EVERY_EVENT.has(key) && value !== null);
  return own
    .map(
      ([key, value]) =>
        `${key} ${typeof value === 'object' ? printJson(value).replace(/\s+/g, ' ').trim() : String(value)}`,
    )
    .join(', ');
}
