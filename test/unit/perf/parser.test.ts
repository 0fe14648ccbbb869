import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePerfLine } from '../../../src/plugins/perf/parser.js';

test('a line of an event that was counted', () => {
  expect(parsePerfLine('     0.100245041,5,,context-switches,2296905,75.00,2.177,K/sec')).toEqual({
    atNs: 100245041n,
    event: 'context-switches',
    count: 5,
    isSupported: true,
    runNs: 2296905,
    ratio: 0.75,
  });
});

test('a line of an event that was not counted, and of one that there is not', () => {
  const line = (value: string) => parsePerfLine(`  3600.000000001,${value},,cycles,0,100.00,,`);
  expect(line('<not counted>')).toMatchObject({ atNs: 3600000000001n, count: null, isSupported: true, runNs: 0 });
  expect(line('<not supported>')).toMatchObject({ count: null, isSupported: false });
});

test('64 bits come out to the last digit, more than that not at all', () => {
  const line = (value: string) => parsePerfLine(`1.000000000,${value},,cycles,18446744073709551615,100.00,,`);
  expect(line('18446744073709551615')).toMatchObject({ count: 18446744073709551615n, runNs: 18446744073709551615n });
  expect(line('18446744073709551616')).toMatchObject({ count: null });
  expect(parsePerfLine('1.000000000,1,,cycles,18446744073709551616,100.00,,')).toBeNull();
});

test('a line cut anywhere before its counts were complete is none', () => {
  const line = '     0.100245041,5,,context-switches,2296905,75.00,2.177,K/sec';
  const whole = parsePerfLine(line);
  for (let length = 0; length < line.length; length++)
    expect([null, whole], `cut at ${length}`).toContainEqual(parsePerfLine(line.slice(0, length)));
});

test.each(['', '# started on Mon Nov 23', '1.5,1,,cycles,1,100.00', '1.000000000,-1,,cycles,1,100.00', 'x,,,,,'])(
  '"%s" is no such line',
  (line) => expect(parsePerfLine(line)).toBeNull(),
);

test('whatever a line holds, the parser answers', () => {
  const part = fc.oneof(fc.string(), fc.constantFrom('1.000000000', '5', '<not counted>', 'cycles', '100.00'));
  fc.assert(fc.property(fc.array(part), (parts) => void parsePerfLine(parts.join(','))));
});
