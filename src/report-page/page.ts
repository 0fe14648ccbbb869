/** What makes a page move: charts, phases, search, keys, light and dark. A page may lack any of these. */
import { formatTime } from '../core/report/format-value.js';
import type { PageData } from '../core/report/page-data.js';
import { Charts } from './charts.js';
import { themeSwitch } from './colours.js';
import { searchFilter } from './filter.js';
import { listenToKeys } from './keys.js';
import { phaseStrip } from './strip.js';
import { Tip } from './tip.js';
import { View } from './view.js';

/** So near an event, as a share of what is seen, its mark is under the pointer. */
const NEAR = 0.012;
const MOST_TOLD = 8;

const find = <E extends HTMLElement>(selector: string): E | null => document.querySelector<E>(selector);

function start(data: PageData): void {
  const view = new View(data.endS);
  const tip = new Tip();
  const readout = find('.readout');
  const onCursor = (seconds: number | null, event: MouseEvent | null) => {
    if (readout !== null) readout.textContent = seconds === null ? '' : timeText(seconds, data.originMs);
    const told = seconds === null || event === null ? [] : eventsNear(data, view, seconds);
    if (told.length > 0) tip.show(told, event!.clientX, event!.clientY);
    else tip.hide();
  };
  const charts = new Charts({ data, view, onCursor });
  const strip = find('.strip');
  if (strip !== null) phaseStrip(strip, data, view);
  themeSwitch(find('.theme'), () => charts.redraw());
  const search = find<HTMLInputElement>('.search input');
  const moving = find<HTMLInputElement>('.moving');
  if (search !== null && moving !== null) searchFilter(search, moving);
  const status = find('.bar [role=status]');
  const say = (text: string) => {
    if (status !== null) status.textContent = text;
  };
  listenToKeys({ view, charts, search, say });
  find('.reset')?.addEventListener('click', () => view.reset());
  find<HTMLSelectElement>('.jump')?.addEventListener('change', (event) => jump(event.target as HTMLSelectElement));
}

function timeText(seconds: number, originMs: number | null): string {
  const wall = originMs === null ? '' : new Date(originMs + seconds * 1e3).toISOString().slice(11, 23);
  return `${formatTime(seconds)}${wall === '' ? '' : ` · ${wall} UTC`}`;
}

function eventsNear({ events }: PageData, { from, to }: View, seconds: number): string[] {
  const near = events.filter(({ at }) => Math.abs(at - seconds) < (to - from) * NEAR);
  const told = near.slice(0, MOST_TOLD).map(({ at, text }) => `${formatTime(at)} ${text}`);
  return near.length > MOST_TOLD ? [...told, `and ${near.length - MOST_TOLD} more`] : told;
}

/** To a source's section. */
function jump(select: HTMLSelectElement): void {
  const section = document.getElementById(`source-${select.value}`);
  if (section instanceof HTMLDetailsElement) {
    section.open = true;
    section.scrollIntoView();
  }
  select.value = '';
}

const data = JSON.parse(find('#data')?.textContent ?? 'null') as PageData | null;
if (data === null) themeSwitch(find('.theme'), () => {});
else start(data);
