import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { expect, onTestFinished, vi } from 'vitest';
import { AgentClient } from '../../src/core/guest/agent-client.js';

interface AskedOfAgent {
  readonly execute: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What the agent answers: a document, text as it is, several lines, or null for nothing at all. */
export type AgentAnswerer = (asked: AskedOfAgent) => object | string | null | Promise<object | string | null>;

export interface FakeAgent {
  readonly path: string;
  /** In order, but for the handshakes. */
  readonly asked: readonly AskedOfAgent[];
  /** The ids of the handshakes it was asked for. */
  readonly syncs: readonly number[];
  /** What answers from here on. */
  answer: AgentAnswerer;
  /** Whether it answers handshakes; null answers none. */
  sync: (id: number) => object | string | null;
  /** Says this to its client, as it is. */
  say(text: string | Buffer): void;
  /** Ends the connection, as a QEMU that is killed does. */
  hangUp(): void;
  /** Until it was asked so many commands. */
  sawAsked(count: number): Promise<void>;
}

/** What qemu-ga says of the byte that ends half a command. */
export const STRAY = '{"error": {"class": "GenericError", "desc": "JSON parse error, stray \'\\ufffd\'"}}\n';
export const returned = (value: unknown) => ({ return: value });
export const refused = (desc: unknown) => ({ error: { class: 'GenericError', desc } });

/** An agent for tests, at the other end of a port: it answers strictly in order, each command when the one before is answered. */
export async function fakeAgent(answer: AgentAnswerer = () => ({ return: {} })): Promise<FakeAgent> {
  const path = join(tmpdir(), `cis490-agent-${ulid()}.sock`);
  const [asked, syncs, clients] = [[] as AskedOfAgent[], [] as number[], new Set<Socket>()];
  const agent: FakeAgent = {
    path,
    asked,
    syncs,
    answer,
    sync: returned,
    say: (text) => clients.forEach((client) => void client.write(text)),
    hangUp: () => clients.forEach((client) => void client.destroy()),
    sawAsked: (count) => vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(count), 10_000),
  };
  const say = (answered: object | string | null) => {
    if (answered !== null) agent.say(typeof answered === 'string' ? answered : `${JSON.stringify(answered)}\n`);
  };
  const take = (command: AskedOfAgent): object | string | null | Promise<object | string | null> => {
    if (command.execute !== 'guest-sync') {
      asked.push(command);
      return agent.answer(command);
    }
    syncs.push(command.arguments.id as number);
    return agent.sync(command.arguments.id as number);
  };
  const server = createServer((socket) => {
    clients.add(socket.on('error', () => {}).on('close', () => clients.delete(socket)));
    let text = '';
    let turn = Promise.resolve();
    socket.on('data', (chunk) => {
      const lines = (text + chunk.toString('latin1')).split('\n');
      text = lines.pop()!;
      for (const line of lines) {
        if (line.startsWith('\xff')) say(STRAY);
        const command = JSON.parse(line.replaceAll('\xff', ''));
        turn = turn.then(async () => say(await take(command)));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(async () => {
    agent.hangUp();
    await new Promise((resolve) => server.close(resolve));
    rmSync(path, { force: true });
  });
  return agent;
}

/** Its client, after the handshake; closed with the test. */
async function clientOf(agent: FakeAgent): Promise<AgentClient> {
  const client = await AgentClient.connect(agent.path);
  onTestFinished(() => client.close());
  client.setOpen(true);
  await client.ready(10_000);
  return client;
}

/** An agent and its client at once. */
export async function agentThat(answer: AgentAnswerer) {
  const agent = await fakeAgent(answer);
  return { agent, client: await clientOf(agent) };
}

export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => expect.unreachable('it was answered'),
    (error) => error.code ?? error.message,
  );
