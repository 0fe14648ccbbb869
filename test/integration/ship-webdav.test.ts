import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { addressOf } from '../../src/destinations/webdav/address.js';
import { Http } from '../../src/destinations/webdav/http.js';
import webdav from '../../src/destinations/webdav/index.js';
import { WebdavDestination } from '../../src/destinations/webdav/webdav-destination.js';
import type { Destination, EpisodeFile, OutgoingEpisode } from '../../src/index.js';
import { rootTest } from '../faults/support/root-test.js';
import { smallDisk } from '../faults/support/small-disk.js';
import { temporaryFolder, until } from '../support/cli.js';
import { contentBelow } from '../support/content-below.js';
import { destinationContract } from '../support/destination-contract.js';
import { outgoing, transfer } from '../support/outgoing.js';
import { makeCertificates } from '../support/servers/certificates.js';
import { startCuttingProxy } from '../support/servers/cutting-proxy.js';
import { freePort, startNginx } from '../support/servers/nginx.js';

const call = { signal: new AbortController().signal };
const ROUNDS = 20;
const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

async function open(
  to: string,
  { baseDir = '/', env = {}, ...options }: { baseDir?: string; env?: Record<string, string>; ca_file?: string } = {},
): Promise<Destination> {
  const destination = await webdav.open({
    to,
    options: { token_env: 'CIS490_TOKEN', ...options },
    env,
    baseDir,
    isOnlyCopy: false,
  });
  onTestFinished(() => destination.close());
  return destination;
}

/** With less patience. */
async function openImpatient(to: string, patienceMs: number): Promise<Destination> {
  const access = { address: addressOf(to), token: undefined, tokenEnv: 'T', ca: undefined };
  const http = await Http.open(access, { connectMs: patienceMs, headersMs: patienceMs, bodyIdleMs: patienceMs });
  onTestFinished(() => http.close());
  return new WebdavDestination(http);
}

async function send(destination: Destination, episode: OutgoingEpisode, sending = transfer(episode)) {
  await destination.put(episode, sending);
  expect(await destination.verify(episode, 'draft', call)).toEqual([]);
  await destination.publish(episode, call);
  return sending;
}

const lasting = (message: RegExp) => ({
  name: 'DestinationError',
  kind: 'lasting',
  message: expect.stringMatching(message),
});
const passing = (message: RegExp) => ({ ...lasting(message), kind: 'passing' });

const large = (bytes = 4_000_000): OutgoingEpisode => outgoing({ 'telemetry/large.jsonl': Buffer.alloc(bytes, 'x\n') });

/** `then` happens once, as soon as a first piece of this file is taken. */
function interrupted(episode: OutgoingEpisode, file: string, then: () => unknown) {
  const sending = transfer(episode);
  let isDone = false;
  async function* read(asked: EpisodeFile): AsyncGenerator<Uint8Array> {
    for await (const chunk of sending.read(asked)) {
      yield chunk;
      if (asked.path !== file || isDone) continue;
      isDone = true;
      await then();
    }
  }
  return { ...sending, read };
}

async function newSite() {
  const { url, data } = await startNginx();
  const root = join(data, 'the episodes');
  mkdirSync(root);
  return {
    open: () => open(`${url}/the%20episodes`),
    list: async () => contentBelow(root),
    async write(path: string, content: Buffer) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
  };
}

describe('the contract', () => destinationContract(newSite));

describe('what is refused before anything is sent', () => {
  test.each([
    ['https://user:hunter2@host/dav', /^the URL of host holds a user's name or password/],
    ['https://hunter2@host/dav', /^the URL of host holds/],
    ['https://host/dav?key=hunter2', /^the URL of host has a query or a fragment/],
    ['https://host/dav?', /query or a fragment/],
    ['https://host/dav#hunter2', /query or a fragment/],
    ['ftp://host/hunter2', /^the scheme "ftp:" is none of https: and http:$/],
    ['https://hunter2@', /is no URL$/],
    ['hunter2', /is no URL$/],
    ['https://host:99999/hunter2', /is no URL$/],
    ['https://host/%ff', /^"\/%ff" is not percent-encoded as UTF-8$/],
  ])('%s', async (to, message) => {
    const error = await open(to).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(lasting(message));
    expect(JSON.stringify([String(error), error, (error as Error).cause])).not.toContain('hunter2');
  });

  test('a token, where others could read it', async () => {
    const env = { CIS490_TOKEN: 'hunter2' };
    await expect(open('http://host.example/dav', { env })).rejects.toMatchObject(
      lasting(/^the token in CIS490_TOKEN is not sent over plain HTTP to http:\/\/host.example$/),
    );
    for (const to of ['http://localhost/dav', 'http://127.0.0.1:8080', 'http://[::1]/', 'https://host.example/'])
      await expect(open(to, { env })).resolves.toBeDefined();
    await expect(open('http://host.example/dav')).resolves.toBeDefined();
    await expect(open('http://127.0.0.1.host.example/', { env })).rejects.toMatchObject(lasting(/plain HTTP/));
  });

  test('a token that would break the header', async () => {
    const error = await open('https://h/', { env: { CIS490_TOKEN: 'hunter2\r\nX: y' } }).catch((e: unknown) => e);
    expect(error).toMatchObject(lasting(/^CIS490_TOKEN holds a blank or another character/));
    expect(String(error)).not.toContain('hunter2');
  });

  test('certificates that are none', async () => {
    const baseDir = temporaryFolder();
    writeFileSync(join(baseDir, 'ca.pem'), 'no certificate');
    await expect(open('https://h/', { baseDir, ca_file: 'ca.pem' })).rejects.toMatchObject(
      lasting(/ca\.pem can not be/),
    );
    await expect(open('https://h/', { baseDir, ca_file: 'none' })).rejects.toMatchObject(lasting(/ENOENT/));
  });
});

describe('the token', () => {
  test('opens what is closed without it, and is in no message', async () => {
    const { url } = await startNginx({ token: 'hunter2' });
    await send(await open(url, { env: { CIS490_TOKEN: 'hunter2' } }), outgoing());
    const without = await (await open(url)).exists(ID, call).catch((error: unknown) => error);
    expect(without).toMatchObject({ ...lasting(/401/), hint: 'No token was sent: CIS490_TOKEN is not set' });
    const wrong = await (await open(url, { env: { CIS490_TOKEN: 'hunter3' } }))
      .put(outgoing(), transfer(outgoing()))
      .catch((error: unknown) => error);
    expect(wrong).toMatchObject(lasting(/^PROPFIND .* is answered with 401 \(Unauthorized\): access is denied$/));
    expect((wrong as { hint: string }).hint).toContain('CIS490_TOKEN');
    expect(JSON.stringify([String(wrong), wrong])).not.toContain('hunter3');
  });
});

describe('TLS', () => {
  test('an authority of its own is trusted if it is named, and only then', async () => {
    const folder = temporaryFolder();
    const { ca, ...tls } = makeCertificates(folder);
    const { url } = await startNginx({ tls, token: 'secret' });
    const env = { CIS490_TOKEN: 'secret' };
    const episode = large();
    await send(await open(url, { env, baseDir: folder, ca_file: basename(ca) }), episode);
    await expect((await open(url, { env })).exists(episode.id, call)).rejects.toMatchObject(
      lasting(/^the certificate of 127\.0\.0\.1:\d+ is not trusted/),
    );
    const elsewhere = url.replace('127.0.0.1', 'localhost'); // the certificate is not for this name
    await expect((await open(elsewhere, { env, ca_file: ca })).exists(ID, call)).rejects.toMatchObject(
      lasting(/^the certificate of localhost:\d+ is not trusted/),
    );
  });

  test('a server that speaks no TLS is told, and one that speaks only TLS', async () => {
    const plain = await startNginx();
    await expect((await open(`https://127.0.0.1:${plain.port}`)).exists(ID, call)).rejects.toMatchObject(
      lasting(/SSL/),
    );
    const { ca: _, ...tls } = makeCertificates(temporaryFolder());
    const { port } = await startNginx({ tls });
    await expect((await open(`http://127.0.0.1:${port}`)).exists(ID, call)).rejects.toMatchObject(lasting(/400/));
  });

  test('a server behind a proxy that ends TLS takes a MOVE too', async () => {
    const inner = await startNginx();
    mkdirSync(join(inner.data, 'dav'));
    const { ca, ...tls } = makeCertificates(temporaryFolder());
    const more = `location /dav/ { proxy_pass http://127.0.0.1:${inner.port}; proxy_set_header Host inner; }`;
    const { url } = await startNginx({ tls, more });
    const episode = outgoing();
    await send(await open(`${url}/dav/`, { ca_file: ca }), episode);
    expect(readdirSync(join(inner.data, 'dav'))).toEqual([episode.id]);
  });
});

describe('a connection that breaks', () => {
  test('the server ends in the middle, comes again, and what had arrived is not sent again', async () => {
    const nginx = await startNginx();
    const destination = await open(nginx.url);
    const episode = large();
    let isReading = false;
    const stopping = interrupted(episode, 'telemetry/large.jsonl', async () => {
      isReading = true;
      await nginx.stop();
      for (let turns = 0; turns < 100; turns++) await new Promise(setImmediate); // by then it is noticed
      isReading = false;
    });
    await expect(destination.put(episode, stopping)).rejects.toMatchObject(passing(/^PUT .*large\.jsonl failed: /));
    expect(isReading).toBe(false);
    await expect(destination.exists(episode.id, call)).rejects.toMatchObject(passing(/ECONNREFUSED/));
    await nginx.start();
    const { reads } = await send(destination, episode);
    expect(reads).toEqual(['telemetry/large.jsonl', 'done.marker']);
  });

  test('a proxy cuts it: that passes, and it is gone on with', async () => {
    const nginx = await startNginx();
    const proxy = await startCuttingProxy(nginx.port);
    const destination = await open(proxy.url);
    const episode = large();
    proxy.cutAfter(1_000_000);
    await expect(destination.put(episode, transfer(episode))).rejects.toMatchObject(passing(/^PUT .* failed: /));
    expect((await send(destination, episode)).reads).toEqual(['telemetry/large.jsonl', 'done.marker']);
    expect(readdirSync(nginx.data)).toEqual([episode.id]);
  });

  test('a byte that changes on the way is found, and mended', async () => {
    const proxy = await startCuttingProxy((await startNginx()).port);
    const destination = await open(proxy.url);
    const episode = large();
    proxy.changeAt(2_000_000);
    await destination.put(episode, transfer(episode));
    expect(await destination.verify(episode, 'draft', call)).toEqual(['telemetry/large.jsonl']);
    expect((await send(destination, episode)).reads).toEqual(['telemetry/large.jsonl']);
  });

  test('nobody listens', async () => {
    const refused = await open(`http://127.0.0.1:${await freePort()}`);
    await expect(refused.exists(ID, call)).rejects.toMatchObject(passing(/ECONNREFUSED/));
  });

  test('a server that never answers is given up', async () => {
    const url = await startHttp(() => {});
    await expect((await openImpatient(url, 300)).exists(ID, call)).rejects.toMatchObject(passing(/Headers Timeout/));
  });

  test('an upload at a slow pace takes as long as it takes', async () => {
    const { url } = await startNginx();
    const episode = outgoing({ 'telemetry/slow.jsonl': Buffer.alloc(10 * 65_536, 'x') });
    const sending = transfer(episode);
    const slow = {
      ...sending,
      async *read(file: EpisodeFile) {
        for await (const chunk of sending.read(file)) {
          await new Promise((resolve) => setTimeout(resolve, 600)); // as a bandwidth limit does, for twice the patience
          yield chunk;
        }
      },
    };
    await send(await openImpatient(url, 3000), episode, slow);
  });
});

describe('reading the episode fails', () => {
  test('in the middle of a file: that error comes out, and the request is broken off', async () => {
    const nginx = await startNginx();
    const proxy = await startCuttingProxy(nginx.port);
    const destination = await open(proxy.url);
    const episode = large();
    const failure = Object.assign(new Error('changed while it was read'), { code: 'ECONNRESET' });
    const failing = interrupted(episode, 'telemetry/large.jsonl', async () => {
      await until(() => proxy.taken > 60_000);
      throw failure;
    });
    expect(await destination.put(episode, failing).catch((error: unknown) => error)).toBe(failure);
    // nginx notes what came but in part
    await until(() => nginx.requests().some((line) => /^PUT .*large\.jsonl 400$/.test(line)));
    expect(readdirSync(join(nginx.data, episode.draft, 'telemetry'))).toEqual(['system.jsonl']);
    await send(destination, episode);
  });

  test('a run that is given up throws the reason, and has ended reading when it does', async () => {
    const { url } = await startNginx();
    const stop = new AbortController();
    const episode = large();
    const reason = new Error('given up');
    let isReading = false;
    const sending = transfer(episode, { signal: stop.signal });
    const read = async function* (file: EpisodeFile) {
      isReading = true;
      try {
        for await (const chunk of sending.read(file)) {
          yield chunk;
          if (file.path === 'telemetry/large.jsonl') stop.abort(reason);
        }
      } finally {
        isReading = false;
      }
    };
    const put = (await open(url)).put(episode, { ...sending, read });
    expect(await put.catch((error: unknown) => error)).toBe(reason);
    expect(isReading).toBe(false);
  });

  test('one that is given up while it waits for an answer throws the reason too', async () => {
    const stop = new AbortController();
    const reason = Object.assign(new Error('given up'), { code: 'ECONNRESET' });
    const destination = await open(await startHttp(() => stop.abort(reason)));
    expect(await destination.exists(ID, stop).catch((error: unknown) => error)).toBe(reason);
    expect(await destination.exists(ID, stop).catch((error: unknown) => error)).toBe(reason);
  });

  test('content of another length than was said is no file', async () => {
    const { url, data } = await startNginx();
    const episode = outgoing({ 'a.log': 'abc' });
    for (const content of ['ab', 'abcd']) {
      const read = async function* ({ path }: EpisodeFile) {
        yield path === 'a.log' ? Buffer.from(content) : readFileSync(join(episode.folder, path));
      };
      const put = (await open(url)).put(episode, { ...transfer(episode), read });
      await expect(put).rejects.toMatchObject(lasting(/a\.log failed: .*content-length/));
      expect(readdirSync(join(data, episode.draft))).not.toContain('a.log');
    }
  });
});

describe('what nginx refuses', () => {
  const fullDisk = async () => {
    const disk = smallDisk(8);
    const { url } = await startNginx({ disk: disk.path });
    const destination = await open(url);
    const episode = large();
    disk.leave(1000);
    await expect(destination.put(episode, transfer(episode))).rejects.toMatchObject({
      ...passing(/large\.jsonl is answered with 500/),
      hint: "The server's log says why; maybe its disk is full",
    });
    disk.makeRoom();
    await send(destination, episode);
  };
  rootTest('a full disk is told', fullDisk, 60_000);

  test('a file that is too large', async () => {
    const { url } = await startNginx({ more: 'client_max_body_size 100k;' });
    const episode = large();
    await expect((await open(url)).put(episode, transfer(episode))).rejects.toMatchObject({
      ...lasting(/413 .*: the file is too large for the server$/),
      kind: 'refused',
    });
  });

  test.each([
    ['PUT DELETE MOVE', /^MKCOL .* is answered with 405 .*: there is no WebDAV that allows it$/],
    ['MKCOL DELETE MOVE', /^PUT .* is answered with 405/],
    ['PUT MKCOL DELETE', /^MOVE .* is answered with 405/],
  ])('methods other than %s', async (methods, message) => {
    const { url, data } = await startNginx({ methods });
    await expect(send(await open(url), outgoing())).rejects.toMatchObject(lasting(message));
    expect(readdirSync(data).filter((name) => !name.startsWith('.'))).toEqual([]);
  });

  test('a collection that is not there is not made', async () => {
    const { url, data } = await startNginx();
    const destination = await open(`${url}/episodes`);
    const message = new RegExp(`^there is no WebDAV collection ${url}/episodes/$`);
    await expect(destination.exists(ID, call)).rejects.toMatchObject(lasting(message));
    await expect(destination.put(outgoing(), transfer(outgoing()))).rejects.toMatchObject(lasting(message));
    mkdirSync(join(data, 'episodes'));
    expect(await destination.exists(ID, call)).toBeNull();
  });
});

describe('servers of something else', () => {
  test.each([
    [405, /405 .*: there is no WebDAV that allows it$/],
    [501, /501 .*: there is no WebDAV that allows it$/],
    [404, /^there is no WebDAV collection http:.*\/dav\/$/],
    [200, /200 \(OK\): that is not what a WebDAV server says$/],
    [207, /is answered with what is no multistatus: /],
    [507, /507 .*: the server has no room left$/],
  ])('one that answers with %i', async (status, message) => {
    const url = await startHttp((_, response) => response.writeHead(status).end('<html><body>Hello<br></body></html>'));
    const destination = await open(`${url}/dav`);
    await expect(destination.exists(ID, call)).rejects.toMatchObject(lasting(message));
    await expect(destination.put(outgoing(), transfer(outgoing()))).rejects.toMatchObject(lasting(message));
  });

  test.each([408, 429, 500, 502, 503, 504])('%i passes', async (status) => {
    const url = await startHttp((_, response) => response.writeHead(status).end());
    await expect((await open(url)).exists(ID, call)).rejects.toMatchObject(passing(new RegExp(`${status}`)));
  });

  test('a redirect is told and not followed', async () => {
    const asked: (string | undefined)[] = [];
    const url = await startHttp(({ url: path }, response) => {
      asked.push(path);
      response.writeHead(301, { location: 'https://u:p@elsewhere.example/dav/?key=hunter2' }).end();
    });
    const error = await (await open(`${url}/dav`)).exists(ID, call).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(lasting(/301 .*: it leads to https:\/\/elsewhere\.example\/dav\/$/));
    expect(asked).toEqual(['/dav/']);
  });
});

describe('what is there is never overwritten', () => {
  test.each(['an empty collection', 'a file'])('%s of that name is a conflict', async (what) => {
    const { url, data } = await startNginx();
    const destination = await open(url);
    const episode = outgoing();
    await destination.put(episode, transfer(episode));
    if (what === 'a file') writeFileSync(join(data, episode.id), 'precious');
    else mkdirSync(join(data, episode.id));
    await expect(destination.publish(episode, call)).rejects.toMatchObject({ kind: 'conflict' });
    if (what === 'a file') expect(readFileSync(join(data, episode.id), 'utf8')).toBe('precious');
    else expect(readdirSync(join(data, episode.id))).toEqual([]);
  });

  test('two episodes want one id at the same moment: one of them is there, whole, and the other is told', async () => {
    const { url, data } = await startNginx(); // of two workers
    const [one, two] = [await open(url), await open(url)];
    for (let round = 0; round < ROUNDS; round++) {
      const first = outgoing();
      const second = outgoing({ 'telemetry/other.jsonl': 'x' }, first.id);
      await Promise.all([one.put(first, transfer(first)), two.put(second, transfer(second))]);
      const ends = await Promise.allSettled([one.publish(first, call), two.publish(second, call)]);
      const [winner, loser] = ends[0].status === 'fulfilled' ? [first, ends[1]] : [second, ends[0]];
      expect(loser).toMatchObject({ status: 'rejected', reason: { kind: 'conflict' } });
      expect(await one.verify(winner, 'published', call)).toEqual([]);
      await one.discard(winner === first ? second : first, call);
      expect(readdirSync(data).filter((entry) => entry.startsWith('.'))).toEqual([]);
    }
  });

  test('a run that comes late sends nothing, and its draft can be discarded', async () => {
    const { url, data } = await startNginx();
    const destination = await open(url);
    const episode = outgoing();
    await destination.put(episode, transfer(episode));
    renameSync(join(data, episode.draft), join(data, episode.id));
    mkdirSync(join(data, episode.draft)); // of another late run
    const late = transfer(episode);
    await expect(destination.put(episode, late)).rejects.toMatchObject({ kind: 'conflict' });
    expect(late.reads).toEqual([]);
    await destination.discard(episode, call);
    expect(readdirSync(data)).toEqual([episode.id]);
  });

  test('a draft that another run publishes meanwhile: that passes, and it is there', async () => {
    const { url, data } = await startNginx();
    const destination = await open(url);
    const episode = large();
    const overtaken = interrupted(episode, 'telemetry/large.jsonl', () =>
      renameSync(join(data, episode.draft), join(data, episode.id)),
    );
    await expect(destination.put(episode, overtaken)).rejects.toMatchObject({ kind: 'passing' });
    expect(readdirSync(data)).toEqual([episode.id]);
    await expect(destination.publish(episode, call)).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('another run makes the collections, and then the episode, a moment before', async () => {
    const { url, data, port } = await startNginx();
    const episode = outgoing();
    const before = (method: string, path: string) => {
      if (method === 'MKCOL') mkdirSync(join(data, path));
      // what nginx says between its look and its rename
      if (method === 'MOVE') renameSync(join(data, episode.draft), join(data, episode.id));
      return method === 'MOVE' ? 405 : null;
    };
    const destination = await open(await startBetween(port, before));
    await destination.put(episode, transfer(episode));
    await expect(destination.publish(episode, call)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await (await open(url)).verify(episode, 'published', call)).toEqual([]);
  });

  test('another run makes a collection, and takes it away, a moment before', async () => {
    const { data, port } = await startNginx();
    const episode = outgoing();
    let [made, isGone] = [0, false];
    const destination = await open(
      await startBetween(port, (method, path) => {
        const isIt = path.endsWith(`${episode.draft}/telemetry/`);
        if (isIt && method === 'MKCOL' && made++ === 0) mkdirSync(join(data, path));
        if (isIt && method === 'PROPFIND' && !isGone) {
          isGone = true;
          rmdirSync(join(data, path));
        }
        return null;
      }),
    );
    await send(destination, episode);
    expect(made).toBe(2);
    expect(await destination.verify(episode, 'published', call)).toEqual([]);
  });

  test('a draft that is removed in part: that passes', async () => {
    const { port } = await startNginx();
    const episode = outgoing();
    const destination = await open(await startBetween(port, (method) => (method === 'DELETE' ? 207 : null)));
    await destination.put(episode, transfer(episode));
    await expect(destination.discard(episode, call)).rejects.toMatchObject(passing(/not all of .* could be removed/));
  });

  test('nothing to publish', async () => {
    const { url } = await startNginx();
    await expect((await open(url)).publish(outgoing(), call)).rejects.toMatchObject(passing(/^MOVE .* 404/));
  });
});

test('what is in the way of a draft goes: files for folders, folders for files, names that are no UTF-8', async () => {
  const { url, data } = await startNginx();
  const episode = outgoing({ 'a/b/c.log': 'c', 'd.log': 'd' });
  const draft = join(data, episode.draft);
  mkdirSync(join(draft, 'd.log/deep/er'), { recursive: true });
  mkdirSync(join(draft, 'strange & <odd> #1?x/y'), { recursive: true });
  writeFileSync(join(draft, 'd.log/deep/er/x'), 'x');
  writeFileSync(join(draft, 'a'), 'a file');
  writeFileSync(Buffer.concat([Buffer.from(`${draft}/`), Buffer.from([0xff, 0x25, 0x26])]), 'no UTF-8');
  await send(await open(url), episode);
  expect(readdirSync(join(data, episode.id)).sort()).toEqual([
    ...['a', 'artifacts', 'd.log', 'done.marker', 'meta.json', 'telemetry'],
  ]);
});

test('the marker goes over last', async () => {
  const { port } = await startNginx();
  const episode = outgoing({ 'z/last.log': 'z' });
  const puts: string[] = [];
  const url = await startBetween(port, (method, path) => {
    if (method === 'PUT') puts.push(path);
    return null;
  });
  await send(await open(url), episode);
  expect(puts).toHaveLength(episode.files.length + 1);
  expect(puts.at(-1)).toBe(`/${episode.draft}/done.marker`);
});

async function startHttp(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Before a server: calls `before` with each request, and answers itself with the status that that gives. */
function startBetween(port: number, before: (method: string, path: string) => number | null): Promise<string> {
  return startHttp((request, response) => {
    const { method, url: path, headers } = request;
    const status = before(method!, path!);
    if (status !== null) return void response.writeHead(status).end();
    const passedOn = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    request.pipe(passedOn);
  });
}
