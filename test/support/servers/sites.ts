import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../cli.js';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.js';
import { startNginx } from './nginx.js';
import { BUCKET, CREDENTIALS, S3Server } from './s3.js';
import { startSshd } from './sshd.js';

/** A real server, as `cis490 ship` gets it. */
export interface Site {
  /** "--to" and its options, by way of the proxy. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly proxy: CuttingProxy;
  /** A copy of what has arrived, one folder per episode. Of drafts, at which a killed run's server may still be, the name alone. */
  arrived(): string;
  /** Kills it, and lets it listen again where it did. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

async function s3(): Promise<Site> {
  const server = await S3Server.start();
  const proxy = await startCuttingProxy(Number(new URL(server.address).port));
  return {
    args: ['--to', `s3://${BUCKET}/lab`, '--option', `endpoint=${proxy.url}`, '--option', 'path_style=true'],
    env: CREDENTIALS,
    proxy,
    arrived() {
      const folder = temporaryFolder();
      for (const [key, content] of server.objects()) {
        const path = join(folder, key.replace(/^lab\//, ''));
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content);
      }
      return folder;
    },
    stop: () => server.stop(),
    start: () => server.resume(),
  };
}

async function webdav(): Promise<Site> {
  const server = await startNginx({ token: 'a-token' });
  const proxy = await startCuttingProxy(server.port);
  return {
    args: ['--to', proxy.url],
    env: { CIS490_TOKEN: 'a-token' },
    proxy,
    arrived: () => copyOf(server.data),
    stop: server.stop,
    start: server.start,
  };
}

async function rsync(): Promise<Site> {
  const server = await startSshd();
  const proxy = await startCuttingProxy(server.port);
  const there = temporaryFolder();
  const known = join(server.folder, 'known_hosts');
  const port = new URL(proxy.url).port;
  writeFileSync(known, server.knownHost(Number(port)), { flag: 'a' });
  return {
    args: [
      ...['--to', `ssh://127.0.0.1:${port}${there}`],
      ...['--option', `identity=${join(server.folder, 'user')}`, '--option', `known_hosts=${known}`],
    ],
    env: {},
    proxy,
    arrived: () => copyOf(there),
    stop: server.kill,
    start: server.start,
  };
}

export const SITES = { s3, webdav, rsync };

function copyOf(folder: string): string {
  const copy = temporaryFolder();
  for (const name of readdirSync(folder)) {
    if (name.startsWith('.')) mkdirSync(join(copy, name));
    else cpSync(join(folder, name), join(copy, name), { recursive: true });
  }
  return copy;
}
