import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseHostProc } from '../../../src/plugins/host-proc/parser.js';
import { HOST_PROC_FIXTURES, PAGE_SIZE, parseHostProcCase } from '../support/host-proc-case.js';
import { reading, unreadable } from '../support/readings.js';

const CASES = ['ordinary', 'comm-with-parentheses-and-spaces', 'comm-that-mimics-fields', 'comm-of-64-bytes'];
const bytesOf = (name: string, file: string) => readFileSync(join(HOST_PROC_FIXTURES, name, 'proc/4242', file));

test('an empty stat gives no row', () => {
  expect(parseHostProc(reading(''), unreadable(), unreadable(), PAGE_SIZE)).toBeNull();
});

test('a stat without parentheses gives no row', () => {
  const stat = reading(Array.from({ length: 52 }, (_, i) => i).join(' '));
  expect(parseHostProc(stat, unreadable(), unreadable(), PAGE_SIZE)).toBeNull();
});

test('a letter where a count should be gives no row', () => {
  const stat = bytesOf('ordinary', 'stat').toString().replace(' 10128 ', ' x ');
  expect(parseHostProc(reading(stat), unreadable(), unreadable(), PAGE_SIZE)).toBeNull();
});

describe.each(CASES)('%s, torn anywhere', (name) => {
  const [stat, io, status] = [bytesOf(name, 'stat'), bytesOf(name, 'io'), bytesOf(name, 'status')];
  const whole = parseHostProcCase(name);

  test('a torn stat gives no row, or the right one: never a number cut short', () => {
    for (let length = 0; length < stat.length; length++) {
      const row = parseHostProc(reading(stat.subarray(0, length)), reading(io), reading(status), PAGE_SIZE);
      if (row !== null) expect(row, `cut after ${length} bytes`).toEqual(whole);
    }
  });

  test('a torn io gives null, or the right number', () => {
    for (let length = 0; length < io.length; length++) {
      const row = parseHostProc(reading(stat), reading(io.subarray(0, length)), reading(status), PAGE_SIZE);
      expect([null, whole?.io_read_bytes], `cut after ${length} bytes`).toContain(row?.io_read_bytes);
      expect([null, whole?.io_write_bytes], `cut after ${length} bytes`).toContain(row?.io_write_bytes);
    }
  });

  test('a torn status gives null, or the right number', () => {
    for (let length = 0; length < status.length; length++) {
      const row = parseHostProc(reading(stat), reading(io), reading(status.subarray(0, length)), PAGE_SIZE);
      expect([null, whole?.voluntary_ctxsw], `cut after ${length} bytes`).toContain(row?.voluntary_ctxsw);
      expect([null, whole?.involuntary_ctxsw], `cut after ${length} bytes`).toContain(row?.involuntary_ctxsw);
    }
  });
});
