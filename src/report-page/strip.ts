import { formatTime } from '../core/report/format-value.js';
import type { PageData } from '../core/report/page-data.js';
import type { View } from './view.js';

/** The phases as a map of the whole time: each leads to itself, and what is seen is framed. */
export function phaseStrip(strip: HTMLElement, { phases, events, endS }: PageData, view: View): void {
  const share = (seconds: number) => `${(100 * Math.min(view.end, Math.max(0, seconds))) / view.end}%`;
  const place = (element: HTMLElement, from: number, to: number) => {
    element.style.left = share(from);
    element.style.width = share(to - from);
  };
  for (const { from, to, phase, label, tone } of phases) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `phase tone-${tone}`;
    const name = document.createElement('span');
    name.textContent = phase;
    const kind = document.createElement('small');
    kind.textContent = label;
    button.append(name, ' ', kind);
    button.title = `${phase}, ${label}: ${formatTime(from)} to ${formatTime(to)}`;
    place(button, from, to);
    button.addEventListener('click', () => view.set(from, to));
    strip.append(button);
  }
  for (const { at, text } of events) {
    const mark = document.createElement('i');
    mark.title = `${formatTime(at)}: ${text}`;
    mark.style.left = share(Math.min(endS, at));
    strip.append(mark);
  }
  const frame = document.createElement('div');
  frame.className = 'frame';
  const show = () => {
    frame.hidden = view.isWhole;
    place(frame, view.from, view.to);
  };
  view.onChange(show);
  show();
  strip.append(frame);
}
