import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import rsync from '../../src/destinations/rsync/index.js';
import type { Destination, OutgoingEpisode } from '../../src/index.js';
import { isAlive, ROOT, temporaryFolder, until } from '../support/cli.js';
import { contentBelow } from '../support/content-below.js';
import { destinationContract } from '../support/destination-contract.js';
import { outgoing, transfer } from '../support/outgoing.js';
import { descendantsOf, freePort, type Sshd, startSshd } from '../support/servers/sshd.js';

const signal = new AbortController().signal;
const call = { signal };

const open = (server: Sshd, to: string, options = {}, isOnlyCopy = false) =>
  rsync.open({
    to,
    options: { identity: 'user', known_hosts: 'known_hosts', ...options },
    env: process.env,
    baseDir: server.folder,
    isOnlyCopy,
  });

async function newSite() {
  const server = await startSshd();
  const root = temporaryFolder();
  return {
    open: () => open(server, server.url(root)),
    list: async () => contentBelow(root),
    async write(path: string, content: Buffer) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
  };
}

describe('the contract', () => destinationContract(newSite));

/** A server, a folder there, and the destination that is that folder. */
async function started(root = temporaryFolder()) {
  const server = await startSshd();
  const destination = await open(server, server.url(root));
  onTestFinished(() => destination.close());
  return { server, root, destination };
}

async function send(destination: Destination, episode: OutgoingEpisode, sending = transfer(episode)): Promise<void> {
  await destination.put(episode, sending);
  expect(await destination.verify(episode, 'draft', call)).toEqual([]);
  await destination.publish(episode, call);
}

const shown = (root: string, { id }: OutgoingEpisode): string[] =>
  readdirSync(join(root, id), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(root, id), join(entry.parentPath, entry.name)))
    .sort();

/** Of this process: each ssh, rsync and whatever holds them. */
const processes = (): number[] =>
  descendantsOf(process.pid).filter((pid) => /(^|\/)(ssh|rsync|setpriv)\0(?!--server)/.test(commandOf(pid)));

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};

const sockets = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('cis490-ssh-'));

/** Random: none of it is found in another part of it. */
const large = (megabytes: number): Buffer => randomBytes(megabytes << 20);

const SLOW = 4 << 20;

test('a path with quotes, spaces and characters that a shell knows is one path', async () => {
  const root = join(temporaryFolder(), `-a 'b' "c" $HOME *;\\ ü`);
  mkdirSync(root);
  const { server } = await started(root);
  const destination = await open(server, server.url(root), { sync: true });
  onTestFinished(() => destination.close());
  const episode = outgoing({ 'artifacts/a\nb\\c.log': 'x', '-': 'y', '#z': 'z' });
  await send(destination, episode);
  expect(shown(root, episode)).toEqual([...episode.files.map(({ path }) => path), 'done.marker'].sort());
  expect(readdirSync(root)).toEqual([episode.id]);
});

test('nothing of it can be read by others, whatever its mode was here', async () => {
  const { destination, root } = await started();
  const episode = outgoing();
  chmodSync(join(episode.folder, 'telemetry/system.jsonl'), 0o666);
  chmodSync(join(episode.folder, 'meta.json'), 0o600);
  await send(destination, episode);
  const modes = shown(root, episode).map((path) => statSync(join(root, episode.id, path)).mode & 0o777);
  expect(new Set(modes)).toEqual(new Set([0o640]));
  for (const folder of ['', 'telemetry', 'artifacts'])
    expect(statSync(join(root, episode.id, folder)).mode & 0o777).toBe(0o750);
});

test('links, and folders in the place of files, are never followed but replaced', async () => {
  const { destination, root } = await started();
  const [outside, episode] = [temporaryFolder(), outgoing()];
  writeFileSync(join(outside, 'system.jsonl'), 'precious');
  mkdirSync(join(root, episode.draft, 'meta.json/below'), { recursive: true });
  writeFileSync(join(root, episode.draft, 'meta.json/below/x'), '');
  symlinkSync(outside, join(root, episode.draft, 'telemetry'));
  await send(destination, episode);
  expect(readFileSync(join(outside, 'system.jsonl'), 'utf8')).toBe('precious');
  expect(await destination.verify(episode, 'published', call)).toEqual([]);
});

test('a file that is missing here is told as missing there', async () => {
  const { destination } = await started();
  const episode = outgoing();
  rmSync(join(episode.folder, 'meta.json'));
  await destination.put(episode, transfer(episode));
  expect(await destination.verify(episode, 'draft', call)).toEqual(['meta.json']);
});

test('an episode whose id is taken by a folder without a marker is a conflict too, and nothing moves into it', async () => {
  const { destination, root } = await started();
  const episode = outgoing();
  await destination.put(episode, transfer(episode));
  mkdirSync(join(root, episode.id));
  await expect(destination.publish(episode, call)).rejects.toMatchObject({ kind: 'conflict' });
  expect(readdirSync(join(root, episode.id))).toEqual([]);
  expect(await destination.exists(episode.id, call)).toBeNull();
});

test('what keeps an episode from being moved to its id is told as what it is, and the draft stays', async () => {
  const { destination, root } = await started();
  const episode = outgoing();
  await destination.put(episode, transfer(episode));
  const long = { ...episode, id: 'x'.repeat(300) };
  await expect(destination.publish(long, call)).rejects.toMatchObject({ kind: 'refused' });
  expect(readdirSync(root)).toContain(episode.draft);
});

test('an episode is not published while a file of another run is being written in its draft', async () => {
  const { destination, root } = await started();
  const episode = outgoing();
  await destination.put(episode, transfer(episode));
  writeFileSync(join(root, episode.draft, '.meta.json.Ab12Cd'), 'half');
  await expect(destination.publish(episode, call)).rejects.toMatchObject({ kind: 'passing' });
  expect(readdirSync(root)).toEqual([episode.draft]);
});

test.each(['itself', 'with its server'])(
  'what came of a file before a run was ended, %s, is not sent again',
  async (how) => {
    const { server, destination, root } = await started();
    const episode = outgoing({ 'telemetry/large.jsonl': large(32) });
    const stop = new AbortController();
    const first = transfer(episode, { signal: stop.signal, bytesPerSecond: SLOW });
    const put = destination.put(episode, first).catch((error: unknown) => error);
    await until(() => first.total > 3 << 20);
    if (how === 'itself') stop.abort(new Error('given up'));
    else await server.kill();
    expect(await put).toMatchObject(how === 'itself' ? { message: 'given up' } : { kind: 'passing' });
    await until(() => !processesOf(root).some(isAlive));
    if (how !== 'itself') await server.start();
    const second = transfer(episode);
    await send(destination, episode, second);
    expect(second.total).toBeLessThan(30 << 20);
    expect(second.total).toBeGreaterThan(1 << 20);
  },
);

/** Whoever works in it, here or as the other side. */
const processesOf = (root: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && cwdOf(name).startsWith(root))
    .map(Number);

function cwdOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

test('a server that is killed and comes back: the call fails for the moment, the next one goes on', async () => {
  const { server, destination, root } = await started();
  const episode = outgoing({ 'telemetry/large.jsonl': large(12), 'telemetry/a.jsonl': large(1) });
  const first = transfer(episode, { bytesPerSecond: SLOW });
  const put = destination.put(episode, first).catch((error: unknown) => error);
  await until(() => first.total > 2 << 20);
  await server.kill();
  expect(await put).toMatchObject({ name: 'DestinationError', kind: 'passing' });
  // nobody is there
  await expect(destination.exists(episode.id, call)).rejects.toMatchObject({ kind: 'passing' });
  await server.start();
  const second = transfer(episode);
  await send(destination, episode, second);
  expect(second.total).toBeLessThan(13 << 20);
  expect(shown(root, episode)).toEqual([...episode.files.map(({ path }) => path), 'done.marker'].sort());
});

test('with a limit all sends together keep to it', async () => {
  const { destination } = await started();
  const episodes = [1, 2].map(() => outgoing({ 'telemetry/large.jsonl': large(3) }));
  const children = () => readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ');
  const rsyncs = () => children().filter((pid) => /(^|\/)rsync\0/.test(commandOf(Number(pid)))).length;
  let most = 0;
  const watching = setInterval(() => (most = Math.max(most, rsyncs())), 20);
  onTestFinished(() => clearInterval(watching));
  await Promise.all(
    episodes.map((episode) => destination.put(episode, transfer(episode, { bytesPerSecond: 1 << 20 }))),
  );
  expect(most).toBe(1);
});

test('a full disk ends the run, and says so', async () => {
  const root = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', root]);
  onTestFinished(() => void execFileSync('umount', ['-l', root]));
  const { destination } = await started(root);
  const episode = outgoing({ 'telemetry/large.jsonl': large(4) });
  await expect(destination.put(episode, transfer(episode))).rejects.toMatchObject({
    name: 'DestinationError',
    kind: 'lasting',
    message: expect.stringContaining(`the disk of 127.0.0.1:${root} is full`),
  });
  expect(await destination.exists(episode.id, call)).toBeNull();
});

test('a file system that is read-only ends the run, and says so', async () => {
  const root = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', root]);
  onTestFinished(() => void execFileSync('umount', ['-l', root]));
  const { destination } = await started(root);
  const episode = outgoing();
  await expect(destination.put(episode, transfer(episode))).rejects.toMatchObject({ kind: 'lasting' });
});

describe('what is published is on the disk there', () => {
  test.each<[string, object, boolean, number, number]>([
    ['where it becomes the only copy', {}, true, 2, 1],
    ['where that is asked for', { sync: true }, false, 2, 1],
    ['but not else', {}, false, 0, 0],
    ['nor where that is not wanted', { sync: false }, true, 0, 0],
  ])('%s', async (_, options, isOnlyCopy, published, discarded) => {
    const server = await startSshd((folder) => `SetEnv PATH=${folder}:/usr/bin:/bin\n`);
    const seen = join(server.folder, 'synced');
    writeFileSync(seen, '');
    writeFileSync(join(server.folder, 'sync'), `#!/bin/sh\necho "$@" >> ${seen}\n`, { mode: 0o755 });
    const destination = await open(server, server.url(temporaryFolder()), options, isOnlyCopy);
    const episode = outgoing();
    await destination.put(episode, transfer(episode));
    const syncs = () => readFileSync(seen, 'utf8').split('\n').filter(Boolean).length;
    await destination.publish(episode, call);
    expect(syncs()).toBe(published);
    await destination.discard(episode, call); // another run published it, and may have been killed before that
    await destination.close();
    expect(syncs()).toBe(published + discarded);
  });
});

describe('what is not as it has to be is told before anything is sent', () => {
  const refusal = async (destination: Destination) => {
    const error = await destination.exists('01ARZ3NDEKTSV4RRFFQ69G5FAV', call).catch((thrown: unknown) => thrown);
    await destination.close();
    return error;
  };

  test('a folder that is not there', async () => {
    const server = await startSshd();
    expect(await refusal(await open(server, server.url('/nowhere/at all')))).toMatchObject({
      kind: 'lasting',
      message: 'the folder 127.0.0.1:/nowhere/at all does not exist',
      hint: expect.stringContaining('mkdir -p'),
    });
    expect(await refusal(await open(server, server.url('/etc/hostname')))).toMatchObject({
      kind: 'lasting',
      message: '127.0.0.1:/etc/hostname is no folder',
    });
  });

  test('a host whose key is not known, or is another', async () => {
    const server = await startSshd();
    writeFileSync(join(server.folder, 'empty'), '');
    expect(await refusal(await open(server, server.url('/tmp'), { known_hosts: 'empty' }))).toMatchObject({
      kind: 'lasting',
      message: expect.stringContaining('the key of 127.0.0.1 is not known'),
      hint: expect.stringContaining(`ssh-keyscan -p ${server.port} 127.0.0.1`),
    });
    const other = readFileSync(join(server.folder, 'user.pub'), 'utf8');
    writeFileSync(join(server.folder, 'other'), `[127.0.0.1]:${server.port} ${other}`);
    expect(await refusal(await open(server, server.url('/tmp'), { known_hosts: 'other' }))).toMatchObject({
      kind: 'lasting',
      message: expect.stringContaining('the key of 127.0.0.1 is another than the one that is known'),
    });
  });

  test('a key that the server does not let in', async () => {
    const server = await startSshd();
    expect(await refusal(await open(server, server.url('/tmp'), { identity: 'host' }))).toMatchObject({
      kind: 'lasting',
      message: expect.stringContaining('with any key that was offered'),
    });
  });

  test('a host that has no address; one that does not answer may do so in a moment', async () => {
    const server = await startSshd();
    expect(await refusal(await open(server, 'ssh://nowhere.invalid/tmp'))).toMatchObject({
      name: 'DestinationError',
      message: expect.stringContaining('nowhere.invalid'),
    });
    expect(await refusal(await open(server, `ssh://127.0.0.1:${await freePort()}/tmp`))).toMatchObject({
      kind: 'passing',
      message: expect.stringContaining('Connection refused'),
    });
  });

  test('a server without rsync', async () => {
    const server = await startSshd();
    const key = readFileSync(join(server.folder, 'user.pub'), 'utf8');
    const bin = join(server.folder, 'bin');
    mkdirSync(bin);
    symlinkSync('/bin/sh', join(bin, 'sh'));
    const command = `command="PATH=${bin}; export PATH; eval \\"$SSH_ORIGINAL_COMMAND\\"" `;
    writeFileSync(join(server.folder, 'authorized_keys'), command + key);
    expect(await refusal(await open(server, server.url('/tmp')))).toMatchObject({
      kind: 'lasting',
      message: 'rsync is not installed at 127.0.0.1',
    });
  });

  test('programs that are not installed here, and files that can not be read', async () => {
    const server = await startSshd();
    const given = {
      to: server.url('/tmp'),
      options: {},
      env: { PATH: server.folder },
      baseDir: server.folder,
      isOnlyCopy: false,
    };
    await expect(rsync.open(given)).rejects.toMatchObject({
      kind: 'lasting',
      hint: expect.stringContaining('apt-get'),
    });
    await expect(open(server, server.url('/tmp'), { identity: 'nothing' })).rejects.toMatchObject({
      kind: 'lasting',
      message: `the file ${server.folder}/nothing of the option identity can not be read`,
    });
  });

  test.each([
    ['host:/path', 'is no URL'],
    ['http://host/path', 'is no URL'],
    ['ssh://host', 'names no folder'],
    ['ssh://host/', 'names no folder'],
    ['ssh://host/a%00b', 'names no folder'],
    ['ssh://host/a%zz', 'names no folder'],
    ['ssh:host/path', 'names no host'],
    ['ssh:///path', 'names no host'],
    ['ssh://-oProxyCommand=x/path', 'names no host'],
    ['ssh://a$b/path', 'names no host'],
    ['ssh://-l@host/path', 'names no user'],
    ['ssh://a%20b@host/path', 'names no user'],
    ['ssh://host:0/path', 'has no port'],
    ['ssh://host:99999/path', 'is no URL'],
    ['ssh://host/path?x=1', 'has a query'],
    ['ssh://host/path#x', 'has a query'],
    ['ssh://user:hunter2@host/path', 'has a password'],
    ['ssh://:hunter2@host/path', 'has a password'],
    ['ssh://user:hun%zzter2@host/path', 'has a password'],
    ['ssh://user:hunter2@host:99999/path', ''],
    ['http://user:hunter2@host/path', ''],
  ])('%s', async (to, why) => {
    const opening = rsync.open({ to, options: {}, env: process.env, baseDir: '/', isOnlyCopy: false });
    await expect(opening).rejects.toMatchObject({
      name: 'DestinationError',
      kind: 'lasting',
      message: expect.stringContaining(why),
    });
    await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') });
  });
});

describe('no process and no socket is left', () => {
  test('after close', async () => {
    const before = sockets();
    const { destination } = await started();
    await send(destination, outgoing());
    expect(processes().length).toBe(1);
    await destination.close();
    expect(processes()).toEqual([]);
    expect(sockets().filter((name) => !before.includes(name))).toEqual([]);
  });

  test('after a run that is given up, even while it connects', async () => {
    const { destination } = await started();
    const early = new AbortController();
    const looking = destination.exists('01ARZ3NDEKTSV4RRFFQ69G5FAV', { signal: early.signal }).catch(() => 'ended');
    await until(() => processes().length > 0);
    early.abort();
    expect(await looking).toBe('ended');
    expect(processes()).toEqual([]);
    const stop = new AbortController();
    const episode = outgoing({ 'telemetry/large.jsonl': large(8) });
    const sending = transfer(episode, { signal: stop.signal, bytesPerSecond: SLOW });
    const put = destination.put(episode, sending).catch(() => 'ended');
    await until(() => sending.total > 1 << 20);
    stop.abort();
    expect(await put).toBe('ended');
    expect(processes()).toEqual([]);
  });

  test('after the process that sends was killed', async () => {
    const { server, root } = await started();
    const episode = outgoing({ 'telemetry/large.jsonl': large(8) });
    const given = JSON.stringify({ to: server.url(root), episode, baseDir: server.folder });
    const temporary = temporaryFolder();
    const child = spawn(process.execPath, [await shipper(), given], { env: { ...process.env, TMPDIR: temporary } });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const below = descendantsOf(child.pid!);
    // who holds the connection, rsync, and the ssh that it talks through
    expect(below.filter((pid) => /(^|\/)(ssh|rsync)\0/.test(commandOf(pid))).length).toBeGreaterThan(2);
    child.kill('SIGKILL');
    await until(() => !below.some(isAlive));
    // the folder that its socket was in is taken away by the next one
    expect(readdirSync(temporary, { recursive: true }).length).toBe(1);
    vi.stubEnv('TMPDIR', temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const next = await open(server, server.url(root));
    await next.exists(episode.id, call);
    await next.close();
    expect(readdirSync(temporary)).toEqual([]);
  });
});

/** A program of its own that sends an episode slowly, and says when it has begun. */
async function shipper(): Promise<string> {
  const folder = temporaryFolder();
  const outfile = join(folder, 'shipper.mjs');
  const source = `
    import rsync from './src/destinations/rsync/index.ts';
    const { to, episode, baseDir } = JSON.parse(process.argv[2]);
    const options = { identity: 'user', known_hosts: 'known_hosts', sync: false };
    const destination = await rsync.open({ to, options, env: process.env, baseDir, isOnlyCopy: false });
    const signal = new AbortController().signal;
    await destination.put(episode, { signal, bytesPerSecond: 1 << 20, sent: () => process.stdout.write('.') });`;
  await build({
    stdin: { contents: source, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['*/open-episode.js'],
    outfile,
  });
  return outfile;
}
