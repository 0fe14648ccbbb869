import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../cli.js';

export interface NginxOptions {
  /** What it serves, and keeps what it is sent meanwhile: a folder of its own, if not given. */
  readonly disk?: string;
  /** Whoever comes without it is denied. */
  readonly token?: string;
  /** Files in PEM; then it speaks TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly methods?: string;
  /** More for its `server` block. */
  readonly more?: string;
}

export interface Nginx {
  readonly url: string;
  readonly port: number;
  /** What is served. */
  readonly data: string;
  /** Its requests so far, "METHOD /path status": each is there some time after its answer, and not always in order. */
  requests(): string[];
  /** Ends it at once, with all connections. */
  stop(): Promise<void>;
  /** Again, on the same port. */
  start(): Promise<void>;
}

/** Debian's nginx with WebDAV, for the length of a test. */
export async function startNginx(options: NginxOptions = {}): Promise<Nginx> {
  const folder = temporaryFolder();
  const disk = options.disk ?? folder;
  const [data, temporary] = [join(disk, 'data'), join(disk, 'incoming')];
  for (const path of [data, temporary]) mkdirSync(path, { recursive: true });
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), configuration({ ...options, port, data, temporary, folder }));
  let child: ChildProcess | undefined;
  const stop = async () => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGTERM'); // to the master process: its workers end with it
    await ended;
  };
  const start = async () => {
    child = spawn('/usr/sbin/nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await listening(child, port);
  };
  onTestFinished(stop);
  await start();
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    data,
    requests: () => readFileSync(join(folder, 'access.log'), 'utf8').split('\n').slice(0, -1),
    stop,
    start,
  };
}

interface Places {
  readonly port: number;
  readonly data: string;
  readonly temporary: string;
  readonly folder: string;
}

function configuration({ port, data, temporary, folder, token, tls, methods, more }: NginxOptions & Places): string {
  const certificates = tls && `ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key};`;
  return `
load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 2;
pid ${folder}/pid;
error_log ${folder}/error.log;
events {}
http {
  log_format short '$request_method $uri $status';
  access_log ${folder}/access.log short;
  client_body_temp_path ${temporary};
  ${['proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  client_max_body_size 0;
  server {
    listen 127.0.0.1:${port}${tls === undefined ? '' : ' ssl'};
    ${certificates ?? ''}
    root ${data};
    dav_methods ${methods ?? 'PUT DELETE MKCOL MOVE'};
    dav_ext_methods PROPFIND OPTIONS;
    create_full_put_path off;
    ${token === undefined ? '' : `if ($http_authorization != "Bearer ${token}") { return 401; }`}
    ${more ?? ''}
  }
}
`;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when it takes connections; rejects with what it printed if it ends instead. */
async function listening(child: ChildProcess, port: number): Promise<void> {
  let printed = '';
  child.stderr?.on('data', (chunk) => (printed += chunk));
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${printed}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).then((isOpen) => {
    socket.destroy();
    return isOpen as boolean;
  });
}
