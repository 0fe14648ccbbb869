import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PcapLimiter } from '../../../src/core/vm/network/pcap-limiter.js';

function packet(bytes: number): Buffer {
  const record = Buffer.alloc(16 + bytes, bytes % 251);
  record.writeUInt32LE(bytes, 8);
  return record;
}

const HEAD = Buffer.alloc(24, 0xd4);

function limited(limit: number, chunks: readonly Buffer[]) {
  const kept: Uint8Array[] = [];
  const limiter = new PcapLimiter(limit, (bytes) => kept.push(Buffer.from(bytes)));
  for (const chunk of chunks) limiter.write(chunk);
  return { kept: Buffer.concat(kept), dropped: limiter.dropped };
}

test('however a stream is cut into pieces, what is kept ends behind a whole packet, and the rest is counted', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 20 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 24, max: 4000 }), fc.integer({ min: 1, max: 500 }), (all, limit, step) => {
      const records = [HEAD, ...all.map(packet)];
      const stream = Buffer.concat(records);
      const chunks = Array.from({ length: Math.ceil(stream.length / step) }, (_, i) =>
        stream.subarray(i * step, (i + 1) * step),
      );
      const { kept, dropped } = limited(limit, chunks);
      let [whole, at] = [0, 0];
      for (const { length } of records) {
        at += length;
        if (at > limit) break;
        whole = at;
      }
      expect(kept).toEqual(stream.subarray(0, whole));
      expect(dropped).toBe(stream.length - whole);
    }),
  );
});

test('after the first packet that does not fit nothing is kept, also not a short one', () => {
  expect(limited(100, [HEAD, packet(100), packet(1)])).toEqual({ kept: HEAD, dropped: 116 + 17 });
});

test('what is no packet ends the file', () => {
  const nonsense = Buffer.alloc(40, 0xff);
  expect(limited(10_000, [HEAD, packet(10), nonsense, packet(5)]).kept).toEqual(Buffer.concat([HEAD, packet(10)]));
});

test('half a packet at the end is left out', () => {
  expect(limited(10_000, [HEAD, packet(10).subarray(0, 20)]).kept).toEqual(HEAD);
});
