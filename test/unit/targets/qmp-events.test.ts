import { expect, test } from 'vitest';
import { eventLine } from '../../../src/cli/episode-lines.js';
import { QmpEvents } from '../../../src/core/targets/qmp-events.js';
import type { TargetEvent } from '../../../src/core/targets/target.js';

const SECOND = 1_000_000_000n;
const event = (name: string, data: Record<string, unknown> = {}) => ({ name, data, realtimeNs: 0n });

function listened() {
  const events = new QmpEvents();
  const told: TargetEvent[] = [];
  events.listen((one) => told.push(one));
  return { events, told };
}

test('what happened before anybody listened is told first', () => {
  const events = new QmpEvents();
  const told: string[] = [];
  events.add(event('RESUME'));
  events.add(event('STOP'));
  events.listen(({ code }) => told.push(code));
  events.add(event('SHUTDOWN'));
  expect(told).toEqual(['RESUME', 'STOP', 'SHUTDOWN']);
});

test('an event is told with its fields, flat: of what lies deeper its JSON', () => {
  const { events, told } = listened();
  events.add(event('X', { id: 'p', open: true, n: 7, none: null, big: 2n ** 60n, deep: { a: [1n] }, list: [1] }), 5n);
  const fields = {
    id: 'p',
    open: true,
    n: 7,
    none: null,
    big: '1152921504606846976',
    deep: '{"a":["1"]}',
    list: '[1]',
  };
  expect(told).toEqual([{ source: 'qmp', code: 'X', atMonoNs: 5n, fields }]);
});

test('names and texts are of a bounded length', () => {
  const { events, told } = listened();
  events.add(event('N'.repeat(1_000), { ['k'.repeat(1_000)]: 'v'.repeat(10_000), deep: ['w'.repeat(10_000)] }));
  expect(told[0]!.code).toHaveLength(64);
  const [key, value] = Object.entries(told[0]!.fields)[0]!;
  expect([key.length, String(value).length, String(told[0]!.fields.deep).length]).toEqual([64, 500, 500]);
});

test('what a guest causes a hundred thousand times is told a few times, and how often it was', () => {
  const { events, told } = listened();
  for (let i = 0n; i < 100_000n; i++) events.add(event('GUEST_CRASHLOADED', { action: 'run' }), i * 50_000n);
  events.flush();
  expect(told.length).toBeLessThan(150); // five seconds
  const total = told.reduce((sum, { fields }) => sum + Number(fields.count ?? 1), 0);
  expect(total).toBe(100_000);
});

test('an event that comes beside a flood of another is told at once, whole', () => {
  const { events, told } = listened();
  for (let i = 0; i < 1_000; i++) events.add(event('FLOOD'), 1n);
  events.add(event('SHUTDOWN', { reason: 'guest-panic' }), 2n);
  expect(told.at(-1)).toEqual({ source: 'qmp', code: 'SHUTDOWN', atMonoNs: 2n, fields: { reason: 'guest-panic' } });
});

test('after a second each is told one by one again', () => {
  const { events, told } = listened();
  for (let i = 0; i < 100; i++) events.add(event('FLOOD'), 0n);
  events.add(event('FLOOD', { last: true }), SECOND);
  expect(told.at(-1)!.fields).toEqual({ last: true });
});

test('nobody who listens late gets more than a thousand events', () => {
  const events = new QmpEvents();
  for (let i = 0; i < 5_000; i++) events.add(event(`E${i}`));
  const told: TargetEvent[] = [];
  events.listen((one) => told.push(one));
  expect(told).toHaveLength(1_000);
});

test('no terminal escape of an event reaches a terminal, in a name, a key or a value', () => {
  const escapes = '\x1b]0;owned\x07\x9b31m\u202e';
  const { events, told } = listened();
  events.add(event(escapes, { [escapes]: escapes, id: `two words${escapes}` }));
  const { source, code, fields } = told[0]!;
  const line = eventLine({ t_mono_ns: 0n, t_wall_ns: 0n, event: 'target_event', source, ...fields, code });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
  expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
});
