import { expect, onTestFinished, test, vi } from 'vitest';
import { AgentClient } from '../../../src/core/guest/agent-client.js';
import { agentThat, codeOf, fakeAgent, refused, returned, STRAY } from '../../support/fake-agent.js';

const SAMPLE = { priority: 'sample' } as const;
const PHASE = { priority: 'phase' } as const;
const named = (name: string) => ({ execute: name });

test('late replies of an agent that was silent are not taken for new ones', async () => {
  const { agent, client } = await agentThat(() => null);
  agent.sync = () => null;
  expect(await codeOf(client.request([named('old')], { ...SAMPLE, timeoutMs: 30 }))).toBe('AGENT_TIMEOUT');
  const answered = client.request([named('new')], SAMPLE);
  await vi.waitFor(() => expect(agent.syncs).toHaveLength(2), 10_000);
  agent.answer = () => returned('new');
  agent.say(`{"return": "old"}\n${STRAY}{"return": ${agent.syncs[1]}}\n`);
  expect((await answered).replies[0]!.value).toBe('new');
});

test('a sample behind a reply that takes long fails alone; what comes next waits for a fresh handshake', async () => {
  const { agent, client } = await agentThat(() => null);
  const large = client.request([named('large')], PHASE);
  expect(await codeOf(client.request([named('sample')], { ...SAMPLE, timeoutMs: 30 }))).toBe('AGENT_TIMEOUT');
  const next = client.request([named('next')], SAMPLE);
  agent.answer = () => returned('new');
  agent.say('{"return": "large"}\n'); // and of the sample nothing any more
  expect((await large).replies[0]!.value).toBe('large');
  expect((await next).replies[0]!.value).toBe('new');
  expect(agent.syncs).toHaveLength(2);
  expect(agent.asked.map(({ execute }) => execute)).toEqual(['large', 'sample', 'next']);
});

test('a reply that takes longer than it may is waited for while it is coming', async () => {
  const { agent, client } = await agentThat(() => null);
  const large = client.request([named('large')], { ...PHASE, timeoutMs: 30 });
  await vi.waitFor(() => expect(agent.asked).toHaveLength(1), 10_000);
  agent.say('{"return": "l');
  const talking = setInterval(() => agent.say('a'), 20);
  onTestFinished(() => clearInterval(talking));
  // several times as long as it may take
  const isLate = new Promise((resolve) => setTimeout(resolve, 150, 'late'));
  expect(await Promise.race([codeOf(large), isLate])).toBe('late');
  clearInterval(talking);
  agent.say('rge"}\n');
  expect((await large).replies[0]!.value).toMatch(/^la+rge$/);
  expect(agent.syncs).toHaveLength(1);
});

test('an answer that came while this process was busy is no silence', async () => {
  const busy = () => {
    const end = performance.now() + 1_500; // longer than one may be silent
    while (performance.now() < end);
  };
  const { client } = await agentThat(() => {
    setImmediate(busy); // before anybody can read the answer
    return returned('fine');
  });
  const { replies } = await client.request([named('a')], { ...SAMPLE, timeoutMs: 100 });
  expect(replies[0]!.value).toBe('fine');
});

test('the answer to another handshake than the last is none', async () => {
  const { agent, client } = await agentThat(() => null);
  agent.sync = () => null;
  client.resync('a test');
  await vi.waitFor(() => expect(agent.syncs).toHaveLength(2), 10_000);
  agent.say(`{"return": ${agent.syncs[0]}}\n{"return": "${agent.syncs[1]}"}\n`);
  const waiting = codeOf(client.request([named('a')], { ...SAMPLE, timeoutMs: 50 }));
  expect(await waiting).toBe('AGENT_TIMEOUT');
  expect(agent.asked).toEqual([]);
});

test('the byte that ends half a command makes an extra line of error, which is nobody’s reply', async () => {
  const agent = await fakeAgent(() => returned('mine'));
  agent.sync = (id) => `${STRAY}${JSON.stringify(returned(id))}\n`;
  const client = await AgentClient.connect(agent.path);
  onTestFinished(() => client.close());
  client.setOpen(true);
  expect((await client.request([named('a')], SAMPLE)).replies[0]).toEqual({ value: 'mine', refusal: null });
});

test('a handshake that got lost is tried again, and again, each time with more patience', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const agent = await fakeAgent();
  agent.sync = () => null;
  const client = await AgentClient.connect(agent.path);
  onTestFinished(() => client.close());
  client.setOpen(true);
  await until(() => agent.syncs.length === 1);
  vi.advanceTimersByTime(2_000);
  await until(() => agent.syncs.length === 2);
  vi.advanceTimersByTime(3_999);
  agent.sync = returned;
  vi.advanceTimersByTime(1);
  await until(() => agent.syncs.length === 3);
  await client.ready(1_000);
  expect(new Set(agent.syncs).size).toBe(3);
});

test('a reply of nonsense fails what is under way, phases too, and the next is answered as asked', async () => {
  const { agent, client } = await agentThat(() => null);
  const sample = codeOf(client.request([named('sample')], SAMPLE));
  await agent.sawAsked(1);
  agent.say('what?\n');
  expect(await sample).toBe('AGENT_PROTOCOL');
  agent.answer = () => returned('fine');
  expect((await client.request([named('again')], PHASE)).replies[0]!.value).toBe('fine');
  expect(agent.syncs).toHaveLength(2);
});

test.each(['[]', 'null', '1', '{}', '{"error": null}', '{"error": "words"}', '"return"', ''])(
  'the line %j is no reply',
  async (line) => {
    const { client } = await agentThat(() => `${line}\n`);
    expect(await codeOf(client.request([named('a')], SAMPLE))).toBe('AGENT_PROTOCOL');
  },
);

test('a refusal with no words, or with what can not be printed, is a refusal', async () => {
  const unprintable = { toString: 1, valueOf: [] };
  const { agent, client } = await agentThat(() => refused(unprintable));
  expect((await client.request([named('a')], SAMPLE)).replies[0]!.refusal).toBe('it told no reason');
  agent.answer = () => refused('x'.repeat(10_000));
  expect((await client.request([named('a')], SAMPLE)).replies[0]!.refusal).toHaveLength(300);
});

test('what comes when nothing was asked is nobody’s reply', async () => {
  const { agent, client } = await agentThat(() => returned('first'));
  await client.request([named('a')], SAMPLE);
  agent.answer = () => returned('second');
  agent.say('{"return": "unasked"}\nnonsense\n');
  await untilRead(agent, client);
  expect((await client.request([named('b')], SAMPLE)).replies[0]!.value).toBe('second');
});

/** What was said before a reply was read before it. */
async function untilRead(agent: Awaited<ReturnType<typeof fakeAgent>>, client: AgentClient): Promise<void> {
  client.setOpen(false);
  client.setOpen(true);
  await client.ready(10_000);
  expect(agent.syncs).toHaveLength(2);
}

/** With timers that stand still. */
async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setImmediate(resolve));
}
