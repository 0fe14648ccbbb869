import { EventMerger } from '../collection/event-merger.js';
import type { QmpEvent } from '../qmp/qmp-message.js';
import type { TargetEvent } from './target.js';

/** What happened before anybody listened. */
const MAX_EARLY_EVENTS = 1_000;
/** So many of one kind within a second are told one by one: a guest can cause some as often as it likes. */
const MAX_SINGLE_EVENTS = 16;
const SECOND_NS = 1_000_000_000n;
const MAX_CHARS = 500;
const MAX_NAME_CHARS = 64;

/** What QEMU's monitor tells by itself, as events of the target. What is repeated without end is merged. */
export class QmpEvents {
  readonly #early: TargetEvent[] = [];
  readonly #merger = new EventMerger((_, atMonoNs, { code, ...fields }) =>
    this.tell({ source: 'qmp', code: String(code), atMonoNs, fields: fields as TargetEvent['fields'] }),
  );
  #listener: ((event: TargetEvent) => void) | undefined;
  #second = { startNs: 0n, counts: new Map<string, number>() };

  add({ name, data }: QmpEvent, atMonoNs = process.hrtime.bigint()): void {
    const code = name.slice(0, MAX_NAME_CHARS);
    if (this.#countOf(code, atMonoNs) <= MAX_SINGLE_EVENTS)
      this.tell({ source: 'qmp', code, atMonoNs, fields: scalarsOf(data) });
    else this.#merger.add('target_event', atMonoNs, { ...scalarsOf(data), code });
  }

  /** From here on the listener hears of all that happened so far, and of all that will. */
  listen(listener: (event: TargetEvent) => void): void {
    for (const event of this.#early.splice(0)) listener(event);
    this.#listener = listener;
  }

  /** Tells what was merged and has waited. */
  flush(): void {
    this.#merger.flush(process.hrtime.bigint(), true);
  }

  /** Something else that is told of the target. */
  tell(event: TargetEvent): void {
    if (this.#listener !== undefined) this.#listener(event);
    else if (this.#early.length < MAX_EARLY_EVENTS) this.#early.push(event);
  }

  /** How many of them there were in this second, with this one. */
  #countOf(code: string, nowNs: bigint): number {
    if (nowNs - this.#second.startNs >= SECOND_NS) this.#second = { startNs: nowNs, counts: new Map() };
    const count = (this.#second.counts.get(code) ?? 0) + 1;
    this.#second.counts.set(code, count);
    return count;
  }
}

/** An event's row is flat: of what lies deeper its JSON is told. */
function scalarsOf(data: Readonly<Record<string, unknown>>): TargetEvent['fields'] {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key.slice(0, MAX_NAME_CHARS), scalarOf(value)]),
  );
}

function scalarOf(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return value as number | boolean | null;
  const text = typeof value === 'object' ? JSON.stringify(value, bigintsAsText) : String(value);
  return text.slice(0, MAX_CHARS);
}

const bigintsAsText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
