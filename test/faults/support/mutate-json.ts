import type { Random } from './random.js';

type Json = Record<string | number, unknown>;

/** Printed as it is: numbers that JavaScript can't hold, and keys that it would take for its own. */
class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const nested = (depth: number) => new Raw('['.repeat(depth) + ']'.repeat(depth));

/** In place of any value. */
const NASTY: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, -0.0, 2 ** 31, 2 ** 53, 1e308, '', ' ', '0', 'null', [], {}, [[]], [null], [{}]],
  ...[
    '1e400',
    '-1e400',
    '9007199254740993',
    '18446744073709551616',
    '-9223372036854775809',
    '1e-400',
    `1${'0'.repeat(400)}`,
  ].map((n) => new Raw(n)),
  ...[
    new Raw('{"__proto__":{"polluted":true}}'),
    new Raw('{"constructor":{"prototype":{"polluted":true}}}'),
    new Raw('{"toString":null,"valueOf":null}'), // String() and Number() throw of it
    nested(500),
  ],
  ...[
    '\u001b[31mred\u0007',
    '\u202etxt.exe',
    '\u0000',
    '\ud800',
    '😀'.repeat(100),
    'x'.repeat(100_000),
    '../../etc/passwd',
    '/etc/passwd',
  ],
  ...[
    '0s',
    '99999999999999999999h',
    '1e9s',
    '-1s',
    '0.0000001ms',
    '1 s',
    '١s',
    '10s\n',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what a shell would take
    '${HOME}',
    '`id`',
    '$(id)',
    'a:b:c',
    '*',
    '.',
    '..',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'length',
    'host_proc',
    'system',
    'machine',
  ],
];
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  ' ',
  '0',
  '-1',
  '\u0000',
  '😀',
  'a/b',
  '~1',
  '..',
  'x'.repeat(10_000),
];

interface Place {
  readonly parent: Json;
  readonly key: string | number;
}

/** All values of a document but itself. Not by recursion: what was made deep before is deeper than the stack. */
function places(value: unknown): Place[] {
  const found: Place[] = [];
  const waiting = [value];
  while (waiting.length > 0) {
    const parent = waiting.pop();
    if (typeof parent !== 'object' || parent === null) continue;
    for (const key of Array.isArray(parent) ? parent.keys() : Object.keys(parent)) {
      found.push({ parent: parent as Json, key });
      waiting.push((parent as Json)[key]);
    }
  }
  return found;
}

/** A copy with one to three of its values replaced, removed, renamed, doubled or moved; as text. */
export function mutateJson(document: object, random: Random): string {
  const copy = structuredClone(document);
  for (let i = random.below(3); i >= 0; i--) {
    const all = places(copy);
    if (all.length > 0) change(random.pick(all), random, all);
  }
  return print(copy);
}

function change({ parent, key }: Place, random: Random, all: readonly Place[]): void {
  const remove = () => (Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key]);
  const put = (name: string, value: unknown) =>
    Array.isArray(parent)
      ? parent.push(value)
      : Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
  const value = parent[key];
  const other = random.pick(all);
  const changes = [
    () => (parent[key] = random.pick(NASTY)),
    () => (parent[key] = random.pick(NASTY)),
    () => (parent[key] = random.pick(NASTY)),
    remove,
    () => remove() && put(random.pick(NAMES), value),
    () => put(random.pick(NAMES), random.pick(NASTY)),
    () => (parent[key] = new Raw(print(other.parent[other.key]))),
    () => (parent[key] = [value, value]),
    // the same key again, with another value
    () =>
      (parent[key] = new Raw(
        `${print(value)}${Array.isArray(parent) ? '' : `,${JSON.stringify(key)}:${print(random.pick(NASTY))}`}`,
      )),
    () => (parent[key] = Array.isArray(value) ? Object.fromEntries(value.entries()) : Object.values(Object(value))),
  ];
  random.pick(changes)();
}

/** As JSON.stringify, but for what is printed as it is. */
function print(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(print).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${print(item)}`)
    .join(',')}}`;
}
