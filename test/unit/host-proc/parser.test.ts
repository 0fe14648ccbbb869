import { expect, test } from 'vitest';
import { parseHostProcCase } from '../support/host-proc-case.js';
import { exactly, U64_MAX } from '../support/rows.js';

const ORDINARY = {
  cpu_user_jiffies: 34,
  cpu_sys_jiffies: 47,
  rss_bytes: 17419 * 4096,
  vsize_bytes: 1038290944,
  io_read_bytes: 4096,
  io_write_bytes: 1019904,
  voluntary_ctxsw: 29,
  involuntary_ctxsw: 173,
  minor_faults: 10128,
  major_faults: 0,
};

test('an ordinary process', () => {
  expect(parseHostProcCase('ordinary')).toEqual(ORDINARY);
});

test('resident memory is counted in pages of the machine, not of 4 KiB', () => {
  expect(parseHostProcCase('ordinary', 65536)).toEqual({ ...ORDINARY, rss_bytes: 17419 * 65536 });
});

test('a comm of "(a b ) ( c d) " moves no field', () => {
  expect(parseHostProcCase('comm-with-parentheses-and-spaces')).toMatchObject({
    minor_faults: 239,
    vsize_bytes: 4464640,
    rss_bytes: 768 * 4096,
    voluntary_ctxsw: 1,
    involuntary_ctxsw: 2,
  });
});

test('a comm that mimics the fields behind it, line feed and all, moves none', () => {
  expect(parseHostProcCase('comm-that-mimics-fields')).toMatchObject({
    minor_faults: 2229,
    cpu_user_jiffies: 11,
    cpu_sys_jiffies: 0,
    vsize_bytes: 745713664,
  });
});

test('the longest comm there is, 64 bytes of parentheses and spaces, moves none', () => {
  expect(parseHostProcCase('comm-of-64-bytes')).toEqual(ORDINARY);
});

test('64-bit counters come out to the last digit', () => {
  const row = parseHostProcCase('counters-of-64-bits');
  expect(row?.cpu_user_jiffies).toBe(18446744073709551615n);
  expect(exactly(row)).toEqual({
    ...Object.fromEntries(Object.keys(ORDINARY).map((key) => [key, U64_MAX])),
    rss_bytes: 4503599627370495n * 4096n,
  });
});

test('an io that may not be read costs its two fields only', () => {
  expect(parseHostProcCase('io-denied')).toEqual({ ...ORDINARY, io_read_bytes: null, io_write_bytes: null });
});

test('lines of status behind the context switches are passed over', () => {
  expect(parseHostProcCase('thread-features-behind-the-switches')).toEqual(ORDINARY);
});

test('a status without context switches gives null for both', () => {
  const row = parseHostProcCase('status-without-switches');
  expect(row).toEqual({ ...ORDINARY, voluntary_ctxsw: null, involuntary_ctxsw: null });
});

test('a zombie still has its counts, and no memory', () => {
  expect(parseHostProcCase('zombie')).toMatchObject({ minor_faults: 116, rss_bytes: 0, vsize_bytes: 0 });
});

test('a kernel thread has no memory of its own', () => {
  expect(parseHostProcCase('kernel-thread')).toMatchObject({ rss_bytes: 0, vsize_bytes: 0, voluntary_ctxsw: 70 });
});
