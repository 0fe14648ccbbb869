import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentClient } from '../../../src/core/guest/agent-client.js';
import { measureOffset, setTime } from '../../../src/core/guest/guest-clock.js';
import { agentThat, codeOf, refused, returned } from '../../support/fake-agent.js';

const anchor = { monotonicNs: 1_000_000n, realtimeNs: 1_795_458_771_000_250_017n, errorNs: 200 };

/** An agent whose guest's clock is `aheadNs` ahead, and whose ways there and back take as long as told, each time others. */
function simulated(aheadNs: bigint, ways: readonly (readonly [there: number, back: number])[]): AgentClient {
  let now = 5_000_000_000n;
  let turn = 0;
  const request = async () => {
    const [there, back] = ways[turn++ % ways.length]!;
    const sentNs = now;
    const guestNs = anchor.realtimeNs + (now + BigInt(there) - anchor.monotonicNs) + aheadNs;
    now += BigInt(there + back);
    const value = Number(guestNs / 1_000n) * 1_000; // whole microseconds, in a double
    return { replies: [{ value, refusal: null }], sentNs, receivedNs: now, generation: 1 };
  };
  return { request } as unknown as AgentClient;
}

test('however unlike the ways there and back, the offset lies within its error', async () => {
  const delay = fc.integer({ min: 0, max: 50_000_000 });
  const ways = fc.array(fc.tuple(delay, delay), { minLength: 1, maxLength: 10 });
  const ahead = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });
  await fc.assert(
    fc.asyncProperty(ahead, ways, async (aheadNs, each) => {
      const { offset_ns, error_ns } = await measureOffset(simulated(aheadNs, each), anchor);
      const off = offset_ns - aheadNs;
      expect((off < 0n ? -off : off) <= error_ns).toBe(true);
      const fastest = Math.min(...each.map(([there, back]) => there + back));
      expect(Number(error_ns)).toBeLessThanOrEqual(fastest / 2 + 1 + 1_000 + anchor.errorNs);
    }),
  );
});

test('a real agent of this machine’s clock is as far off as its error says', async () => {
  const now = () => Number(anchor.realtimeNs + process.hrtime.bigint() - anchor.monotonicNs);
  const { client } = await agentThat(() => returned(now()));
  const { offset_ns, error_ns, monotonic_ns } = await measureOffset(client, anchor);
  expect(Math.abs(Number(offset_ns))).toBeLessThanOrEqual(Number(error_ns));
  expect(monotonic_ns).toBeLessThan(process.hrtime.bigint());
});

test.each(['1795458771000000000', { ns: 1 }, null, [], true, 1e300, -1e300])('%j is no time', async (value) => {
  const { client } = await agentThat(() => returned(value));
  expect(await codeOf(measureOffset(client, anchor))).toBe('AGENT_PROTOCOL');
});

test('a number beyond all numbers is no time either', async () => {
  const { client } = await agentThat(() => '{"return": 1e999}\n');
  expect(await codeOf(measureOffset(client, anchor))).toBe('AGENT_PROTOCOL');
});

test('what an agent told before it fell silent counts; where it told nothing there is an error', async () => {
  const answering = simulated(5_000_000n, [[1_000, 1_000]]);
  let answers = 3;
  const silent = () => new Promise<never>(() => {});
  const request: AgentClient['request'] = (...asked) => (answers-- > 0 ? answering.request(...asked) : silent());
  const { offset_ns, error_ns } = await measureOffset({ request } as AgentClient, anchor, 50);
  expect(Math.abs(Number(offset_ns - 5_000_000n))).toBeLessThanOrEqual(Number(error_ns));
  expect(await codeOf(measureOffset({ request: silent } as unknown as AgentClient, anchor, 50))).toBe('AGENT_TIMEOUT');
});

test('an agent that begins to talk nonsense is not believed for what it told before', async () => {
  let answers = 3;
  const { client } = await agentThat(() => returned(answers-- > 0 ? Number(anchor.realtimeNs) : 'later'));
  expect(await codeOf(measureOffset(client, anchor))).toBe('AGENT_PROTOCOL');
});

test('an agent that does not tell the time is refused', async () => {
  const { client } = await agentThat(() => refused('disabled'));
  expect(await codeOf(measureOffset(client, anchor))).toBe('AGENT_REFUSED');
});

test('the guest’s clock is set to the host’s, to the microsecond; that its hardware clock refuses is no matter', async () => {
  const { agent, client } = await agentThat(() => refused('hwclock failed to set hardware clock to system time'));
  const before = process.hrtime.bigint();
  await setTime(client, anchor);
  const time = BigInt(agent.asked[0]!.arguments.time as number) - anchor.realtimeNs + anchor.monotonicNs;
  expect(time > before - 2_000n && time < process.hrtime.bigint()).toBe(true);
});
