import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseHostProc } from '../../../src/plugins/host-proc/parser.js';
import { reading } from '../support/readings.js';
import { exactly, U64_MAX } from '../support/rows.js';

const counter = fc.oneof(
  fc.bigInt({ min: 0n, max: U64_MAX }),
  fc.nat().map(BigInt),
  fc.constantFrom(0n, 2n ** 53n, U64_MAX),
);
/** TASK_COMM_LEN is 16 with its NUL; prctl(2) takes any other byte. */
const byte = fc.oneof(fc.constantFrom(...Buffer.from('() \n\\:_9')), fc.integer({ min: 1, max: 255 }));
const comm = fc.array(byte, { maxLength: 15 }).map((bytes) => Buffer.from(bytes));

/** Fields 4 to 52; the signed ones (tty_nr, priority, nice ...) may be negative, and none of them is a column. */
function statOf(pid: number, name: Buffer, values: ReadonlyMap<number, bigint>): Buffer {
  const rest = Array.from({ length: 49 }, (_, i) => values.get(i + 4) ?? (i % 2 === 0 ? -1n : 7n));
  return Buffer.concat([Buffer.from(`${pid} (`), name, Buffer.from(`) S ${rest.join(' ')}\n`)]);
}

/** status escapes the line feed and the backslash of a name, stat does not (fs/proc/array.c). */
const escaped = (name: Buffer) => name.toString('latin1').replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

const sample = fc.record({
  pid: fc.integer({ min: 1, max: 4194304 }),
  comm,
  pageSize: fc.constantFrom(4096, 16384, 65536),
  minflt: counter,
  majflt: counter,
  utime: counter,
  stime: counter,
  vsize: counter,
  rss: counter,
  read: counter,
  written: counter,
  voluntary: counter,
  involuntary: counter,
});

test('whatever a process is called and has counted, the row says exactly that', () => {
  fc.assert(
    fc.property(sample, ({ pid, comm, pageSize, ...v }) => {
      const values = new Map([
        [10, v.minflt],
        [12, v.majflt],
        [14, v.utime],
        [15, v.stime],
        [23, v.vsize],
        [24, v.rss],
      ]);
      const io = `rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: ${v.read}\nwrite_bytes: ${v.written}\ncancelled_write_bytes: 5\n`;
      const switches = `voluntary_ctxt_switches:\t${v.voluntary}\nnonvoluntary_ctxt_switches:\t${v.involuntary}\n`;
      const status = `Name:\t${escaped(comm)}\nState:\tS (sleeping)\nThreads:\t3\n${switches}`;
      const row = parseHostProc(reading(statOf(pid, comm, values)), reading(io), reading(status), pageSize);
      expect(exactly(row)).toEqual({
        cpu_user_jiffies: v.utime,
        cpu_sys_jiffies: v.stime,
        rss_bytes: v.rss * BigInt(pageSize),
        vsize_bytes: v.vsize,
        io_read_bytes: v.read,
        io_write_bytes: v.written,
        voluntary_ctxsw: v.voluntary,
        involuntary_ctxsw: v.involuntary,
        minor_faults: v.minflt,
        major_faults: v.majflt,
      });
    }),
    { numRuns: 1000 },
  );
});
