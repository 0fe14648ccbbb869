import { expect, onTestFinished, test, vi } from 'vitest';
import { AgentClient } from '../../../src/core/guest/agent-client.js';
import { agentThat, codeOf, fakeAgent, refused, returned } from '../../support/fake-agent.js';

const SAMPLE = { priority: 'sample' } as const;
const PHASE = { priority: 'phase' } as const;
const ping = { execute: 'guest-ping' };
const named = (name: string) => ({ execute: name });

test('commands that are sent at once are answered in their order, a refusal among them', async () => {
  const { client } = await agentThat(({ execute }) => (execute === 'b' ? refused('no b') : returned(execute)));
  const answer = await client.request([named('a'), named('b'), named('c')], SAMPLE);
  expect(answer.replies).toEqual([
    { value: 'a', refusal: null },
    { value: null, refusal: 'no b' },
    { value: 'c', refusal: null },
  ]);
  expect(answer.receivedNs).toBeGreaterThan(answer.sentNs);
  expect(answer.generation).toBe(1);
});

test('a reply that comes in pieces, and two that come in one, are the same replies', async () => {
  const { agent, client } = await agentThat(() => null);
  const answered = client.request([named('a'), named('b')], SAMPLE);
  await agent.sawAsked(2);
  agent.say('{"ret');
  agent.say('urn": 1}\n{"return": 2}\n{"ret');
  expect((await answered).replies.map(({ value }) => value)).toEqual([1, 2]);
  agent.answer = () => 'urn": 3}\n';
  expect((await client.request([named('c')], SAMPLE)).replies[0]!.value).toBe(3);
});

test('no command at all is answered at once, and keeps nobody waiting', async () => {
  const { agent, client } = await agentThat(() => returned(1));
  expect(await client.request([], SAMPLE)).toMatchObject({ replies: [], generation: 1 });
  expect((await client.request([ping], SAMPLE)).replies).toHaveLength(1);
  expect(agent.asked).toHaveLength(1);
});

test('one command throws what the agent refuses', async () => {
  const { client } = await agentThat(() => refused('File not found'));
  await expect(client.execute('guest-file-open', { path: '/x' }, PHASE)).rejects.toMatchObject({
    code: 'AGENT_REFUSED',
    message: 'guest-file-open: File not found',
  });
});

test('a sample goes before a phase that was there first', async () => {
  const { agent, client } = await agentThat(() => null);
  const requests = [
    client.request([named('first')], SAMPLE),
    client.request([named('phase')], PHASE),
    client.request([named('second')], SAMPLE),
  ];
  await agent.sawAsked(2);
  agent.answer = () => returned(0);
  agent.say('{"return": 0}\n{"return": 0}\n');
  await Promise.all(requests);
  expect(agent.asked.map(({ execute }) => execute)).toEqual(['first', 'second', 'phase']);
});

test('a phase waits no longer than its share for samples that never end', async () => {
  const { agent, client } = await agentThat(() => null);
  const failed = [client.request([named('sample')], SAMPLE), client.request([named('phase')], PHASE)].map(codeOf);
  await vi.waitFor(() => expect(agent.asked.map(({ execute }) => execute)).toEqual(['sample', 'phase']), 10_000);
  client.close();
  expect(await Promise.all(failed)).toEqual(['AGENT_CLOSED', 'AGENT_CLOSED']);
});

test('phases go one at a time, and all of them go, although a sample is always under way', async () => {
  const { agent, client } = await agentThat(() => null);
  const last = () => agent.asked.at(-1)?.execute;
  const sample = () => client.request([named('sample')], SAMPLE);
  const samples = [sample()];
  const phases = ['one', 'two', 'three'].map((name) => client.request([named(name)], PHASE));
  for (const name of ['one', 'two', 'three']) {
    await vi.waitFor(() => expect(last()).toBe(name), 10_000);
    agent.say('{"return": "sample"}\n');
    await samples.at(-1);
    samples.push(sample());
    await vi.waitFor(() => expect(last()).toBe('sample'), 10_000);
    agent.say(`{"return": "${name}"}\n`);
  }
  const answers = await Promise.all(phases);
  expect(answers.map(({ replies }) => replies[0]!.value)).toEqual(['one', 'two', 'three']);
  agent.say('{"return": "sample"}\n');
  await samples.at(-1);
});

test('a request that times out while it waits for its turn fails alone', async () => {
  const { agent, client } = await agentThat(() => null);
  const sample = client.request([named('sample')], SAMPLE);
  expect(await codeOf(client.request([named('phase')], { ...PHASE, timeoutMs: 20 }))).toBe('AGENT_TIMEOUT');
  agent.say('{"return": 7}\n');
  expect((await sample).replies[0]!.value).toBe(7);
  expect(agent.syncs).toHaveLength(1);
});

test('an agent that closes its port fails what is under way and what waits; the next one is another generation', async () => {
  const { agent, client } = await agentThat(() => null);
  const failed = [client.request([ping], SAMPLE), client.request([ping], PHASE)].map(codeOf);
  await agent.sawAsked(1);
  client.setOpen(false);
  expect(await Promise.all(failed)).toEqual(['AGENT_CLOSED', 'AGENT_CLOSED']);
  expect(await codeOf(client.request([ping], SAMPLE))).toBe('AGENT_CLOSED');
  agent.answer = () => returned('new');
  client.setOpen(true);
  client.setOpen(true); // told twice, as after a restore
  expect(client.generation).toBe(2);
  await client.ready(10_000);
  expect(agent.syncs).toHaveLength(2);
});

test('a request made during the handshake is sent behind it', async () => {
  const agent = await fakeAgent(() => returned('pong'));
  const client = await AgentClient.connect(agent.path);
  onTestFinished(() => client.close());
  expect(await codeOf(client.request([ping], SAMPLE))).toBe('AGENT_CLOSED');
  client.setOpen(true);
  expect((await client.request([ping], SAMPLE)).replies[0]!.value).toBe('pong');
});

test('nothing is written to a port that is closed', async () => {
  const agent = await fakeAgent();
  const client = await AgentClient.connect(agent.path);
  onTestFinished(() => client.close());
  expect(await codeOf(client.ready(30))).toBe('AGENT_TIMEOUT');
  expect([agent.syncs, agent.asked]).toEqual([[], []]);
});

test('the end of the connection fails what is under way, whatever comes later, and who waits for the agent', async () => {
  const { agent, client } = await agentThat(() => null);
  const failed = codeOf(client.request([ping], SAMPLE));
  await agent.sawAsked(1);
  expect(client.isMachineGone).toBe(false);
  agent.hangUp();
  expect(await failed).toBe('AGENT_CLOSED');
  expect(client.isMachineGone).toBe(true);
  client.setOpen(true);
  client.setOpen(false);
  expect(await codeOf(client.request([ping], SAMPLE))).toBe('AGENT_CLOSED');
  expect(await codeOf(client.ready(10_000))).toBe('AGENT_CLOSED');
});

test('who waits for an agent hears that the machine has ended', async () => {
  const agent = await fakeAgent();
  agent.sync = () => null;
  const client = await AgentClient.connect(agent.path);
  client.setOpen(true);
  const waiting = codeOf(client.ready(60_000));
  await vi.waitFor(() => expect(agent.syncs).toHaveLength(1), 10_000);
  agent.hangUp();
  expect(await waiting).toBe('AGENT_CLOSED');
});

test('a socket that is not there is told as such', async () => {
  await expect(AgentClient.connect('/nowhere/agent.sock')).rejects.toMatchObject({
    code: 'AGENT_CLOSED',
    message: expect.stringContaining('ENOENT'),
  });
});
