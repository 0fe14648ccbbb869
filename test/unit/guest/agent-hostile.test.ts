import { expect, onTestFinished, test, vi } from 'vitest';
import { execStatus } from '../../../src/core/guest/run-in-guest.js';
import { agentThat, codeOf, returned } from '../../support/fake-agent.js';

const SAMPLE = { priority: 'sample' } as const;
const PHASE = { priority: 'phase' } as const;
const MIB = 1024 * 1024;

test('a line that is longer than any answer could be is not held, and the next command is answered', async () => {
  const long = `{"return": "${'x'.repeat(MIB)}"}\n`;
  const { agent, client } = await agentThat(() => long);
  expect(await codeOf(client.request([{ execute: 'guest-get-time' }], SAMPLE))).toBe('AGENT_PROTOCOL');
  agent.answer = () => returned(1);
  expect((await client.request([{ execute: 'guest-get-time' }], SAMPLE)).replies[0]!.value).toBe(1);
});

test('a file that was read may be as long as was asked for, and no longer', async () => {
  const count = 300_000;
  const text = (bytes: number) => returned({ count: bytes, 'buf-b64': Buffer.alloc(bytes).toString('base64') });
  const { agent, client } = await agentThat(() => text(count));
  const read = [{ execute: 'guest-file-read', args: { handle: 1, count } }];
  expect((await client.request(read, SAMPLE)).replies[0]!.value).toMatchObject({ count });
  agent.answer = () => text(2 * count);
  expect(await codeOf(client.request(read, SAMPLE))).toBe('AGENT_PROTOCOL');
});

test('the output of a command may be as long as the agent keeps it', async () => {
  const output = Buffer.alloc(16 * MIB, 'a').toString('base64');
  const { client } = await agentThat(() => returned({ exited: true, 'out-data': output, 'err-data': output }));
  const answer = await client.request([{ execute: 'guest-exec-status', args: { pid: 1 } }], PHASE);
  expect((answer.replies[0]!.value as { 'out-data': string })['out-data']).toHaveLength(output.length);
});

test('an agent that sends lines of 60 MB to whatever it is asked is given up', async () => {
  const { agent, client } = await agentThat(() => `${'x'.repeat(60 * MIB)}\n`);
  const ask = () => codeOf(client.request([{ execute: 'guest-ping' }], { ...SAMPLE, timeoutMs: 60_000 }));
  let asked = 0;
  while ((await ask()) !== 'AGENT_CLOSED') asked++;
  expect(asked).toBeGreaterThan(2);
  expect(asked).toBeLessThan(10);
  expect(client.isMachineGone).toBe(false);
  const told = client.request([{ execute: 'guest-ping' }], SAMPLE);
  await expect(told).rejects.toThrow('the agent was given up');
  expect(await codeOf(client.ready(1_000))).toBe('AGENT_CLOSED');
  client.setOpen(true); // nor is it taken up again
  expect(await codeOf(client.request([], SAMPLE))).toBe('AGENT_CLOSED');
  expect(agent.asked.length).toBeLessThan(10);
});

test.each([
  ['arrays within arrays', '['],
  ['objects', '{},'],
  ['numbers', '1,'],
  ['fields', '"a":1,'],
])('a long line of %s is not parsed: it would take many times its length', async (_, piece) => {
  const { agent, client } = await agentThat(() => `{"return": ${piece.repeat((8 * MIB) / piece.length)}\n`);
  const status = [{ execute: 'guest-exec-status', args: { pid: 1 } }];
  const parse = vi.spyOn(JSON, 'parse');
  onTestFinished(() => parse.mockRestore());
  expect(await codeOf(client.request(status, PHASE))).toBe('AGENT_PROTOCOL');
  expect(parse.mock.calls.filter(([text]) => text.length > MIB)).toEqual([]);
  agent.answer = () => returned({ exited: false });
  expect((await client.request(status, PHASE)).replies[0]!.value).toEqual({ exited: false });
});

test('an answer that turns out to make no sense counts for its length', async () => {
  const long = `{"return": {"exited": "${'x'.repeat(60 * MIB)}"}}\n`;
  const { agent, client } = await agentThat(() => long);
  const ask = () => codeOf(execStatus(client, 1));
  while ((await ask()) !== 'AGENT_CLOSED');
  expect(agent.asked.length).toBeLessThan(10);
}, 120_000);

test('an agent that talks nonsense without end is given up, however little it says at a time', async () => {
  const { agent, client } = await agentThat(() => '?\n');
  let asked = 0;
  while ((await codeOf(client.request([{ execute: 'guest-ping' }], SAMPLE))) !== 'AGENT_CLOSED') asked++;
  expect(asked).toBeLessThan(1_000);
  expect(agent.asked.length).toBeLessThan(1_000);
});

test('who is under way when the agent is given up hears of it', async () => {
  const { client } = await agentThat(() => null);
  const waiting = [SAMPLE, PHASE].map((options) => codeOf(client.request([{ execute: 'guest-ping' }], options)));
  for (let i = 0; i < 1_000; i++) client.resync('a test');
  expect(await waiting[0]).toBe('AGENT_PROTOCOL');
  expect(await waiting[1]).toMatch(/AGENT_(?:PROTOCOL|CLOSED)/);
});
