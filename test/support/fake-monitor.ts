import { readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'lossless-json';
import { ulid } from 'ulid';
import { parseJson } from '../../src/core/json/exact-json.js';

const GREETING = '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}}, "capabilities": ["oob"]}}\r\n';

interface Asked {
  readonly execute: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly id: string;
}

export interface FakeMonitor {
  readonly path: string;
  /** What it was asked so far, but for qmp_capabilities. */
  readonly asked: readonly Asked[];
  /** Says this to its client, as it is. */
  say(text: string): void;
  /** Ends the connection, as a QEMU that is killed does. */
  hangUp(): void;
  close(): Promise<void>;
}

/** The text of an answer, as in `{"return": {}`, to which the id is added; null for none. */
export type Answerer = (asked: Asked) => string | null;

/** A monitor for tests: greets, leaves the negotiation, and answers what it is told to answer. */
export async function fakeMonitor(answer: Answerer, greeting = GREETING): Promise<FakeMonitor> {
  const path = join(tmpdir(), `cis490-monitor-${ulid()}.sock`);
  const asked: Asked[] = [];
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    clients.add(socket.on('error', () => {}));
    socket.on('close', () => clients.delete(socket));
    socket.write(greeting);
    let text = '';
    socket.on('data', (chunk) => {
      const lines = (text + chunk).split('\n');
      text = lines.pop()!;
      for (const line of lines) reply(socket, parseJson(line) as Asked);
    });
  });
  const reply = (socket: Socket, command: Asked) => {
    if (command.execute !== 'qmp_capabilities') asked.push(command);
    const said = command.execute === 'qmp_capabilities' ? '{"return": {}' : answer(command);
    if (said !== null && !socket.destroyed) socket.write(`${said}, "id": "${command.id}"}\r\n`);
  };
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    path,
    asked,
    say: (text) => clients.forEach((client) => void client.write(text)),
    hangUp: () => clients.forEach((client) => void client.destroy()),
    close: () => {
      for (const client of clients) client.destroy();
      rmSync(path, { force: true });
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const FIXTURES = join(import.meta.dirname, '../../src/plugins/qmp/fixtures');
const NO_DEVICE = '{"error": {"class": "DeviceNotFound", "desc": "none in this fixture"}';

/** Answers with what a QEMU was captured to return, to the last digit; refuses what it was not asked then. */
export function captured(name: string): Answerer {
  const answers = parseJson(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')) as Record<string, unknown>;
  return ({ execute, arguments: { path, property } }) => {
    if (execute === 'qom-set') return '{"return": {}';
    if (property === 'guest-stats-polling-interval') return '{"return": 0';
    const key = execute === 'qom-get' ? String(property) : execute === 'qom-list' ? `qom-list ${path}` : execute;
    return Object.hasOwn(answers, key) ? `{"return": ${stringify(answers[key])}` : NO_DEVICE;
  };
}
