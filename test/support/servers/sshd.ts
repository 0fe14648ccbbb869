import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder, watch } from '../cli.js';

/** An sshd of our own on the loopback interface, which lets in one key and nobody else. */
export interface Sshd {
  readonly port: number;
  /** The folder with its keys: "user", "known_hosts", and whatever a test puts there. */
  readonly folder: string;
  url(path: string): string;
  /** A line of known_hosts for another port of this machine, that of a proxy. */
  knownHost(port: number): string;
  start(): Promise<void>;
  /** Kills it and all that it has started. */
  kill(): Promise<void>;
}

/** Starts one, for as long as the test runs; `settings` are more lines of its configuration. */
export async function startSshd(settings: (folder: string) => string = () => ''): Promise<Sshd> {
  const folder = temporaryFolder();
  const port = await freePort();
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 }); // where it shuts itself in
  for (const name of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  const hostKey = readFileSync(join(folder, 'host.pub'), 'utf8');
  const knownHost = (at: number) => `[127.0.0.1]:${at} ${hostKey}`;
  writeFileSync(join(folder, 'known_hosts'), knownHost(port));
  writeFileSync(join(folder, 'authorized_keys'), `restrict ${readFileSync(join(folder, 'user.pub'), 'utf8')}`);
  writeFileSync(join(folder, 'config'), configuration(folder, port) + settings(folder));
  let child: ChildProcess | undefined;
  const server = {
    port,
    folder,
    knownHost,
    url: (path: string) => `ssh://127.0.0.1:${port}${encodeURI(path)}`,
    async start() {
      child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'config')]);
      await watch(child).saw(/Server listening/);
    },
    async kill() {
      if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child!.once('exit', resolve));
      for (const pid of [child.pid, ...descendantsOf(child.pid)]) kill(pid);
      await gone;
    },
  };
  onTestFinished(() => server.kill());
  await server.start();
  return server;
}

const configuration = (folder: string, port: number): string => `
ListenAddress 127.0.0.1:${port}
HostKey ${folder}/host
AuthorizedKeysFile ${folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
`;

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {} // it has just ended
}

/** All processes below this one. */
export function descendantsOf(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => parentOf(other) === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function parentOf(pid: number): number | null {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return null;
  }
}
