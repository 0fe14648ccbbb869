import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { LabImage } from '../../src/core/lab/image/read-image.js';
import { dieWithRecorder } from '../../src/core/targets/executable.js';
import { temporaryFolder } from './cli.js';

export interface Guest {
  /** Runs a shell command in the guest, to its end. */
  sh(command: string): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
  /** A command of the agent, and its reply. */
  // biome-ignore lint/suspicious/noExplicitAny: replies have any shape
  call(execute: string, args?: object): Promise<any>;
  /** Until the monitor tells of such an event. */
  sawEvent(name: string): Promise<void>;
  readonly exited: Promise<void>;
}

/** Boots an image with plain QEMU, and no code of ours: what it tells is told of the image alone. */
export async function bootGuest({ kernelPath, initrdPath, manifest }: LabImage, args: string[] = []): Promise<Guest> {
  const folder = temporaryFolder();
  const path = (name: string) => join(folder, name);
  const [program, ...words] = [
    ...[...dieWithRecorder(), 'qemu-system-x86_64', '-M', 'q35', '-accel', 'tcg', '-cpu', 'qemu64', '-m', '256'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-nic', 'none', '-no-reboot'],
    ...['-kernel', kernelPath, '-initrd', initrdPath, '-append', manifest.append],
    ...['-serial', `file:${path('console')}`, '-qmp', `unix:${path('qmp')},server=on,wait=off`],
    ...['-device', 'virtio-serial-pci', '-chardev', `socket,path=${path('agent')},server=on,wait=off,id=agent`],
    ...['-device', `virtserialport,id=port,chardev=agent,name=${manifest.agent_port}`],
    ...['-device', 'virtio-balloon-pci', '-device', 'virtio-rng-pci', '-device', 'pvpanic-pci', ...args],
  ] as [string, ...string[]];
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const fail = exited.then(() => {
    throw new Error(`QEMU ended: ${stderr}\n${readFileSync(path('console'), 'utf8').slice(-2000)}`);
  });
  fail.catch(() => {});

  const monitor = lines(await Promise.race([connected(path('qmp')), fail]));
  monitor.send({ execute: 'qmp_capabilities' });
  const sawEvent = async (name: string) => void (await monitor.until(({ event }) => event === name));
  // what is written before is lost, or blocks
  await Promise.race([sawEvent('VSERPORT_CHANGE'), fail]);
  const agent = lines(await connected(path('agent')));
  const call = async (execute: string, args: object = {}) => {
    agent.send({ execute, arguments: args });
    const reply = await Promise.race([agent.until((line) => 'return' in line || 'error' in line), fail]);
    if (reply.error !== undefined) throw new Error(`${execute}: ${reply.error.desc}`);
    return reply.return;
  };
  const sh = async (command: string) => {
    const { pid } = await call('guest-exec', { path: '/bin/sh', arg: ['-c', command], 'capture-output': true });
    for (;;) {
      const status = await call('guest-exec-status', { pid });
      const text = (name: string) => Buffer.from(status[name] ?? '', 'base64').toString();
      if (status.exited) return { code: status.exitcode, stdout: text('out-data'), stderr: text('err-data') };
    }
  };
  return { sh, call, sawEvent, exited };
}

async function connected(path: string): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    const isOpen = await new Promise((resolve) =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    );
    if (isOpen) return socket.on('error', () => {});
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Documents, a line each, in both directions. */
function lines(socket: Socket) {
  // biome-ignore lint/suspicious/noExplicitAny: see above
  type Line = any;
  const [kept, waiting] = [[] as Line[], [] as { is(line: Line): boolean; resolve(line: Line): void }[]];
  createInterface(socket).on('line', (text) => {
    const line = JSON.parse(text);
    const at = waiting.findIndex(({ is }) => is(line));
    if (at < 0) kept.push(line);
    else waiting.splice(at, 1)[0]!.resolve(line);
  });
  return {
    send: (document: object) => void socket.write(`${JSON.stringify(document)}\n`),
    until: (is: (line: Line) => boolean): Promise<Line> => {
      const at = kept.findIndex(is);
      return at < 0 ? new Promise((resolve) => waiting.push({ is, resolve })) : Promise.resolve(kept.splice(at, 1)[0]);
    },
  };
}
