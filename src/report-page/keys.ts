import type { Charts } from './charts.js';
import type { View } from './view.js';

const PAN = 0.2;
const ZOOM = 1.6;
const TYPING = 'input, select, textarea, .scroll';

export interface KeysOptions {
  readonly view: View;
  readonly charts: Charts;
  readonly search: HTMLInputElement | null;
  /** Tells what a reader of the screen should hear. */
  readonly say: (text: string) => void;
}

/** What the keys do; the page tells it under "keys". */
export function listenToKeys({ view, charts, search, say }: KeysOptions): void {
  const step = (points: number) => say(charts.current?.step(points) ?? '');
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => view.pan(-PAN),
    ArrowRight: () => view.pan(PAN),
    'Shift ArrowLeft': () => step(-1),
    'Shift ArrowRight': () => step(1),
    '+': () => view.zoom(ZOOM),
    '=': () => view.zoom(ZOOM),
    '-': () => view.zoom(1 / ZOOM),
    '0': () => view.reset(),
    '/': () => search?.focus(),
  };
  document.addEventListener('keydown', (event) => {
    const isElsewhere = event.target instanceof Element && event.target.closest(TYPING) !== null;
    if (isElsewhere || event.ctrlKey || event.metaKey || event.altKey) return;
    const isArrow = event.key.startsWith('Arrow');
    const action = actions[event.shiftKey && isArrow ? `Shift ${event.key}` : event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
