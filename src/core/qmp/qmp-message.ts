import { asciiJson } from '../json/ascii-json.js';
import { parseJson } from '../json/exact-json.js';
import { toText } from '../text/to-text.js';

export interface QmpEvent {
  /** As in `SHUTDOWN`. */
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** QEMU's own stamp, in nanoseconds since the Unix epoch. */
  readonly realtimeNs: bigint;
}

export type QmpMessage =
  | { readonly kind: 'greeting'; readonly version: string }
  | { readonly kind: 'event'; readonly event: QmpEvent }
  | { readonly kind: 'reply'; readonly id: unknown; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: unknown; readonly errorClass: string; readonly description: string }
  | { readonly kind: 'garbage'; readonly shown: string };

type Loose = Readonly<Record<string, unknown>>;

const SHOWN = 200;
/** Fewer digits than these always fit a double exactly. */
const LONG_NUMBER = /\d{16}/;

/** One line of a monitor (qemu: docs/interop/qmp-spec.rst). Integers come out exact, as bigints where they have to. Never throws. */
export function parseMessage(text: string): QmpMessage {
  const message = objectOf(text);
  if (message !== null) {
    if ('return' in message) return { kind: 'reply', id: message.id, value: message.return };
    if (isRecord(message.error)) return errorOf(message.error, message.id);
    if (typeof message.event === 'string') return { kind: 'event', event: eventOf(message.event, message) };
    if (isRecord(message.QMP)) return { kind: 'greeting', version: versionOf(message.QMP) };
  }
  return { kind: 'garbage', shown: asciiJson(text.trimEnd().slice(0, SHOWN)) };
}

const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const recordOr = (value: unknown): Loose => (isRecord(value) ? value : {});

function objectOf(text: string): Loose | null {
  try {
    // the exact parser takes five times as long, and is seldom needed
    const value: unknown = LONG_NUMBER.test(text) ? parseJson(text) : JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function errorOf(error: Loose, id: unknown): QmpMessage {
  const { class: errorClass, desc } = error;
  return { kind: 'error', id, errorClass: wordsOf(errorClass), description: wordsOf(desc) };
}

/** They are shown: without the quotes of JSON, but with its escapes. */
const wordsOf = (value: unknown): string => asciiJson(toText(value).slice(0, SHOWN)).slice(1, -1);

function eventOf(name: string, { data, timestamp }: Loose): QmpEvent {
  const { seconds, microseconds } = recordOr(timestamp);
  const isStamped = Number.isSafeInteger(seconds) && Number.isSafeInteger(microseconds) && Number(seconds) >= 0;
  // it says -1 where it could not read its clock
  const realtimeNs = isStamped
    ? BigInt(seconds as number) * 1_000_000_000n + BigInt(microseconds as number) * 1_000n
    : BigInt(Date.now()) * 1_000_000n;
  return { name, data: recordOr(data), realtimeNs };
}

function versionOf({ version }: Loose): string {
  const { major, minor, micro } = recordOr(recordOr(version).qemu);
  return [major, minor, micro].map(toText).join('.');
}
