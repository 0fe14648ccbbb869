import { expect, test } from 'vitest';
import { parseMessage } from '../../../src/plugins/syscalls/parser.js';
import { type Interval, Prints } from '../../../src/plugins/syscalls/prints.js';

const begin = (set: number, atNs: number) => `{"type": "printf", "data": "begin ${set} ${atNs}\\n"}`;
const END = '{"type": "printf", "data": "end\\n"}';
const map = (name: string, data: object | number) => JSON.stringify({ type: 'map', data: { [name]: data } });

/** The messages of one print, with the counts so far of read (0) and of its errors. */
const print = (set: number, atNs: number, calls: number, errors = 0) => [
  begin(set, atNs),
  ...(calls > 0 ? [map(`@c${set}`, { 0: calls })] : []),
  ...(errors > 0 ? [map(`@e${set}`, { 0: errors })] : []),
  map('@f', 0),
  map('@x', 0),
  END,
];

function intervalsOf(lines: readonly string[]): Interval[] {
  const prints = new Prints();
  return lines.flatMap((line) => {
    const message = parseMessage(line);
    return message === null ? [] : (prints.add(message) ?? []);
  });
}

const calls = (lines: readonly string[]) => intervalsOf(lines).map((interval) => interval.calls.get(0) ?? 0);

test('each set of maps is held against its own print before', () => {
  const lines = [...print(0, 1, 10), ...print(1, 2, 7), ...print(0, 3, 15, 2), ...print(1, 4, 7)];
  expect(calls(lines)).toEqual([10, 7, 5, 0]);
  expect(intervalsOf(lines).map(({ errors }) => errors.get(0) ?? 0)).toEqual([0, 0, 2, 0]);
});

test('spans go from print to print', () => {
  const lines = [...print(0, 100, 0), ...print(1, 200, 0), ...print(1, 350, 0)];
  expect(intervalsOf(lines).map(({ spanNs }) => spanNs)).toEqual([0n, 100n, 150n]);
});

test('what a lost map would have told is in the next print of its set', () => {
  const lines = [...print(0, 1, 10), ...print(1, 2, 1), ...print(0, 3, 0), ...print(1, 4, 2), ...print(0, 5, 30)];
  expect(calls(lines)).toEqual([10, 1, 1, 20]);
});

test('a print without its end is none', () => {
  expect(calls([...print(0, 1, 10).slice(0, -1), ...print(1, 2, 3)])).toEqual([3]);
});

test('no line cut short is a message', () => {
  for (const line of [begin(0, 1234567), map('@c0', { 0: 12 }), map('@x', 34), END])
    for (let length = 0; length < line.length; length++) expect(parseMessage(line.slice(0, length))).toBeNull();
});

test('64 bits come out to the last digit, and more is no count', () => {
  const message = (digits: string) => parseMessage(`{"type": "map", "data": {"@c0": {"-1": ${digits}}}}`);
  expect(message('18446744073709551615')).toMatchObject({ counts: new Map([[-1, 18446744073709551615n]]) });
  expect(message('18446744073709551616')).toBeNull();
  expect(message('-1')).toBeNull();
  expect(message('1.5')).toBeNull();
});

test('lost messages are told', () => {
  expect(parseMessage('{"type": "lost_events", "data": {"events": 5}}')).toEqual({ type: 'lost', events: 5 });
});
