import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { MOST_UPLOADS } from '../../src/destinations/s3/buffers.js';
import s3 from '../../src/destinations/s3/index.js';
import { partBytesOf } from '../../src/destinations/s3/upload.js';
import type { Destination, OutgoingEpisode, Transfer } from '../../src/index.js';
import { destinationContract } from '../support/destination-contract.js';
import { outgoing, sha256, transfer } from '../support/outgoing.js';
import { BUCKET, CREDENTIALS, refuse, S3Server } from '../support/servers/s3.js';

type Options = Partial<Parameters<typeof s3.open>[0]['options']>;

const MIB = 1 << 20;
const TO = `s3://${BUCKET}/some/where`;
const call = { signal: new AbortController().signal };
const warnings: Error[] = [];
process.on('warning', (warning) => warnings.push(warning));

async function open(to: string, options: Options = {}, env: Record<string, string> = CREDENTIALS) {
  const all = { path_style: false, region: 'us-east-1', ...options };
  const destination = await s3.open({ to, options: all, env, baseDir: '/', isOnlyCopy: false });
  onTestFinished(() => destination.close());
  return destination;
}

async function newSite() {
  const server = await S3Server.start();
  return {
    open: () => open(TO, { endpoint: server.address }),
    async list() {
      return new Map([...server.objects()].map(([key, content]) => [key.replace(/^some\/where\//, ''), content]));
    },
    write: (path: string, content: Buffer) => server.write(`some/where/${path}`, content),
  };
}

async function started(options: Options = {}) {
  const server = await S3Server.start();
  return { server, destination: await open(TO, { endpoint: server.address, ...options }) };
}

async function send(destination: Destination, episode: OutgoingEpisode): Promise<readonly string[]> {
  await destination.put(episode, transfer(episode));
  const wrong = await destination.verify(episode, 'draft', call);
  if (wrong.length === 0) await destination.publish(episode, call);
  return wrong;
}

const markerOf = ({ folder }: OutgoingEpisode): Buffer => readFileSync(join(folder, 'done.marker'));
const keyOf = ({ id }: OutgoingEpisode, path: string): string => `some/where/${id}/${path}`;
const isMarkerPut = ({ method, url }: IncomingMessage): boolean => method === 'PUT' && /done\.marker/.test(url!);
const changesOf = ({ requests }: S3Server): string[] => requests.filter((line) => /^(PUT|POST|DELETE) /.test(line));

describe('the contract', () => destinationContract(newSite, { hasDraft: false }));

describe('where it goes', () => {
  test.each([
    [`s3://${BUCKET}`, ''],
    [`s3://${BUCKET}/`, ''],
    [`S3://${BUCKET}//a/./b//`, 'a/b/'],
    [`s3://${BUCKET}/a b+c/ünï%41`, 'a b+c/ünï%41/'],
  ])('%s puts keys below "%s"', async (to, prefix) => {
    const server = await S3Server.start();
    const destination = await open(to, { endpoint: server.address });
    const episode = outgoing();
    expect(await send(destination, episode)).toEqual([]);
    expect([...server.objects().keys()].sort()).toEqual(
      [...episode.files, episode.marker].map(({ path }) => `${prefix}${episode.id}/${path}`).sort(),
    );
    expect(await destination.verify(episode, 'published', call)).toEqual([]);
  });

  test.each([
    ['s3://', '"s3://" names no bucket'],
    ['s3:///prefix', '"s3:///prefix" names no bucket'],
    ['bucket/prefix', '"bucket/prefix" names no bucket'],
    ['s3://minio:9000/x', '"s3://minio:9000/x" names a server, not a bucket'],
    ['s3://a_/x', '"s3://a_/x" has no name of a bucket that can be one'],
    ['s3://bucket/a/../b', 'the prefix in "s3://bucket/a/../b" has a step ".."'],
    ['s3://key:s3cr3t@bucket/x', '"s3://***@bucket/x" holds credentials'],
    ['s3://key:s3/cr3t@bucket/x', '"s3://***@bucket/x" holds credentials'],
    ['s3://bucket/x?X-Amz-Signature=s3cr3t', '"s3://bucket/x?***" has a query or a fragment'],
  ])('%s is refused before anything is sent', async (to, message) => {
    await expect(open(to)).rejects.toMatchObject({ name: 'DestinationError', kind: 'lasting', message });
  });

  test.each([
    ['http://', 'the endpoint "http://" is no URL of a server'],
    ['https://key:s3/cr3t@host', 'the endpoint "https://***@host" is no URL of a server'],
    ['https://key:s3cr3t@host', 'the endpoint "https://***@host" holds credentials'],
    ['https://host/?token=s3cr3t', 'the endpoint "https://host/?***" has a query or a fragment'],
  ])('the endpoint %s is refused', async (endpoint, message) => {
    await expect(open(TO, { endpoint })).rejects.toMatchObject({ kind: 'lasting', message });
  });
});

describe('large files', () => {
  const large = () => outgoing({ 'artifacts/disk.img': Buffer.alloc(12 * MIB, 'abcdefg\n') });

  test('go in parts, arrive whole, and are not sent twice', async () => {
    const { server, destination } = await started();
    const episode = large();
    expect(await send(destination, episode)).toEqual([]);
    const parts = server.requests.flatMap((line) => /partNumber=(\d+)/.exec(line)?.[1] ?? []);
    expect(parts).toEqual(['1', '2', '3']);
    expect(sha256(server.objects().get(keyOf(episode, 'artifacts/disk.img'))!)).toBe(
      episode.files.find(({ path }) => path === 'artifacts/disk.img')!.sha256,
    );
    const again = transfer(episode);
    await destination.put(episode, again);
    expect(again.total).toBe(0);
  });

  test('whose reading fails leave no upload behind', async () => {
    const { server, destination } = await started();
    const episode = large();
    const whole = transfer(episode);
    const failure = new Error('not what its manifest says');
    async function* read(file: Parameters<Transfer['read']>[0]) {
      for await (const chunk of whole.read(file)) {
        if (whole.total > 6 * MIB) throw failure;
        yield chunk;
      }
    }
    await expect(destination.put(episode, { ...whole, read })).rejects.toBe(failure);
    expect(server.requests.at(-1)).toMatch(/^DELETE .*uploadId=/);
    expect(await destination.verify(episode, 'draft', call)).toEqual(['artifacts/disk.img']);
  });

  test('that a part of is refused are tried again from their start', async () => {
    const { server, destination } = await started();
    const episode = large();
    server.answer = ({ url }, response) => /partNumber=2/.test(url!) && refuse(response, 503, 'SlowDown');
    await expect(destination.put(episode, transfer(episode))).rejects.toMatchObject({ kind: 'passing' });
    server.answer = () => false;
    expect(await send(destination, episode)).toEqual([]);
  });

  test('end soon when they are given up, those too that wait for a buffer', async () => {
    const { server, destination } = await started();
    const stop = new AbortController();
    const waiting = Array.from({ length: 8 }, large);
    const reached = new Promise<void>((resolve) => {
      let uploads = 0;
      server.answer = ({ url }) => {
        if (!/partNumber=1/.test(url!)) return false;
        uploads += 1;
        if (uploads === MOST_UPLOADS) resolve();
        return true; // and never answers
      };
    });
    const puts = waiting.map((episode) => destination.put(episode, transfer(episode, { signal: stop.signal })));
    const ends = Promise.allSettled(puts);
    await reached;
    stop.abort(new Error('given up'));
    for (const end of await ends) expect(end).toMatchObject({ status: 'rejected', reason: { message: 'given up' } });
    server.answer = () => false;
    expect(await send(destination, waiting[0]!)).toEqual([]);
  });

  test('have parts of 5 MiB at least, and 10,000 at most', () => {
    for (const bytes of [1, 5 * MIB, 40 * 1024 * MIB, 5 * 1024 ** 2 * MIB]) {
      expect(partBytesOf(bytes)).toBeGreaterThanOrEqual(5 * MIB);
      expect(bytes / partBytesOf(bytes)).toBeLessThanOrEqual(10_000);
    }
  });
});

describe('a file that another run wrote meanwhile', () => {
  const isOf = (path: string) => (request: IncomingMessage) =>
    (request.method === 'PUT' && request.url!.includes(path) && !request.url!.includes('partNumber')) ||
    (request.method === 'POST' && request.url!.includes(path) && request.url!.includes('uploadId'));

  test.each([
    ['in one piece', 'x'.repeat(1000)],
    ['in parts', Buffer.alloc(12 * MIB, 'x')],
  ])('is not written over: %s', async (_, content) => {
    const { server, destination } = await started();
    const episode = outgoing({ 'telemetry/a.jsonl': content });
    const isWrite = isOf('telemetry/a.jsonl');
    const conditions: unknown[] = [];
    server.answer = (request, response) => {
      if (!isWrite(request)) return false;
      conditions.push(request.headers['if-none-match']);
      return refuse(response, 412, 'PreconditionFailed');
    };
    await expect(destination.put(episode, transfer(episode))).rejects.toMatchObject({
      kind: 'passing',
      message: expect.stringContaining('another run has written'),
    });
    expect(conditions).toEqual(['*']);
    server.answer = () => false;
    expect(await send(destination, episode)).toEqual([]);
  });

  test('one that was found there, with other content, is replaced', async () => {
    const { server, destination } = await started();
    const episode = outgoing({ 'telemetry/a.jsonl': 'right' });
    await server.write(keyOf(episode, 'telemetry/a.jsonl'), Buffer.from('wrong'));
    let condition: unknown = 'none was sent';
    const isWrite = isOf('telemetry/a.jsonl');
    server.answer = (request) => {
      if (isWrite(request)) condition = request.headers['if-none-match'];
      return false;
    };
    expect(await send(destination, episode)).toEqual([]);
    expect(condition).toBeUndefined();
  });
});

describe('publishing', () => {
  test('the marker is the last that is written, and says that there must be none', async () => {
    const { server, destination } = await started();
    let condition: unknown;
    server.answer = (request) => {
      if (isMarkerPut(request)) condition = request.headers['if-none-match'];
      return false;
    };
    const episode = outgoing();
    await send(destination, episode);
    expect(changesOf(server).at(-1)).toMatch(/^PUT .*\/done\.marker/);
    expect(changesOf(server)).toHaveLength(episode.files.length + 1);
    expect(condition).toBe('*');
  });

  test('a server that knows no conditions gets the marker without', async () => {
    const { server, destination } = await started();
    server.answer = (request, response) =>
      isMarkerPut(request) && 'if-none-match' in request.headers && refuse(response, 501, 'NotImplemented');
    const episode = outgoing();
    await send(destination, episode);
    expect(server.objects().get(keyOf(episode, 'done.marker'))).toEqual(markerOf(episode));
  });

  test.each([
    ['its own: it was this run whose answer got lost', true],
    ['of another episode: the id is taken', false],
  ])('a marker that is there all of a sudden may be %s', async (_, own) => {
    const { server, destination } = await started();
    const episode = outgoing();
    await destination.put(episode, transfer(episode));
    const theirs = own ? markerOf(episode) : Buffer.from('{}');
    server.answer = (request, response) => {
      if (!isMarkerPut(request) || !('if-none-match' in request.headers)) return false;
      void server.write(keyOf(episode, 'done.marker'), theirs).then(() => refuse(response, 412, 'PreconditionFailed'));
      return true;
    };
    const end = destination.publish(episode, call);
    if (own) await end;
    else await expect(end).rejects.toMatchObject({ kind: 'conflict' });
    expect(server.objects().get(keyOf(episode, 'done.marker'))).toEqual(theirs);
  });

  test('an episode that is published is left as it is, whatever is with it', async () => {
    const { server, destination } = await started();
    const episode = outgoing();
    await send(destination, episode);
    await server.write(keyOf(episode, 'stranger'), Buffer.from('x'));
    await server.write(keyOf(episode, 'meta.json'), Buffer.from('x'));
    server.requests.length = 0;
    await destination.put(episode, transfer(episode));
    await destination.publish(episode, call);
    const other = { ...episode, marker: { ...episode.marker, sha256: sha256('other') } };
    await expect(destination.put(other, transfer(other))).rejects.toMatchObject({ kind: 'conflict' });
    await expect(destination.publish(other, call)).rejects.toMatchObject({ kind: 'conflict' });
    expect(changesOf(server)).toEqual([]);
    expect((await destination.verify(episode, 'published', call)).toSorted()).toEqual(['meta.json', 'stranger']);
  });

  test.each(['removes a file', 'adds a file'])(
    'a run that sends another variant %s before the marker is there: that is told',
    async (what) => {
      const { server, destination } = await started();
      const episode = outgoing();
      await destination.put(episode, transfer(episode));
      expect(await destination.verify(episode, 'draft', call)).toEqual([]);
      const other = await open(TO, { endpoint: server.address });
      if (what === 'adds a file') await server.write(keyOf(episode, 'meta.json.gz'), Buffer.from('x'));
      else {
        const without = { ...episode, files: episode.files.slice(1) };
        await other.put(without, transfer(without));
      }
      await expect(destination.publish(episode, call)).rejects.toMatchObject({ kind: 'passing' });
      expect(await destination.verify(episode, 'published', call)).toHaveLength(1);
    },
  );

  test('a marker that has changed here is not published', async () => {
    const { server, destination } = await started();
    const episode = outgoing();
    const other = { ...episode, marker: { ...episode.marker, sha256: sha256('other') } };
    await expect(destination.publish(other, call)).rejects.toMatchObject({ kind: 'lasting' });
    expect(changesOf(server)).toEqual([]);
  });
});

test('a listing has as many pages as it has', async () => {
  const { server, destination } = await started();
  const episode = outgoing();
  await send(destination, episode);
  const stranger = keyOf(episode, 'a&b');
  server.answer = (request, response) => {
    if (!/list-type=2/.test(request.url!)) return false;
    if (/continuation-token=next/.test(request.url!)) {
      request.url = request.url!.replace('continuation-token=next', '');
      return false; // s3rver's own tokens need a cipher that OpenSSL has no longer
    }
    const contents = `<Contents><Key>${stranger.replace('&', '&amp;')}</Key><Size>1</Size></Contents>`;
    const page = `<IsTruncated>true</IsTruncated><NextContinuationToken>next</NextContinuationToken>${contents}`;
    response.end(`<?xml version="1.0"?><ListBucketResult>${page}</ListBucketResult>`);
    return true;
  };
  expect(await destination.verify(episode, 'published', call)).toEqual(['a&b']);
});

describe('checksums of the server', () => {
  const base64 = (content: string): string => Buffer.from(sha256(content), 'hex').toString('base64');
  const content = 'a'.repeat(1000);

  async function withChecksum(checksum: string, type: string, options: Options = { trust_checksums: true }) {
    const { server, destination } = await started(options);
    const episode = outgoing({ 'telemetry/a.jsonl': content });
    const told: unknown[] = [];
    server.answer = ({ method, url, headers }, response) => {
      if (!url!.includes('a.jsonl')) return false;
      if (method === 'PUT') told.push(headers['x-amz-checksum-sha256']);
      response.setHeader('x-amz-checksum-sha256', checksum);
      response.setHeader('x-amz-checksum-type', type);
      return false;
    };
    await destination.put(episode, transfer(episode));
    const wrong = await destination.verify(episode, 'draft', call);
    return { wrong, told, reads: server.requests.filter((line) => /^GET .*a\.jsonl/.test(line)).length };
  }

  test('are taken for proof where they are trusted, and told ahead', async () => {
    expect(await withChecksum(base64(content), 'FULL_OBJECT')).toEqual({
      wrong: [],
      told: [base64(content)],
      reads: 0,
    });
    expect(await withChecksum(base64('other'), 'FULL_OBJECT')).toMatchObject({
      wrong: ['telemetry/a.jsonl'],
      reads: 0,
    });
  });

  test('are no proof if they are of parts, or by a server that may repeat what it was told', async () => {
    expect(await withChecksum(`${base64('other')}-2`, 'COMPOSITE')).toMatchObject({ wrong: [], reads: 1 });
    expect(await withChecksum(base64('other'), 'FULL_OBJECT', {})).toEqual({ wrong: [], told: [undefined], reads: 1 });
  });
});

describe('what goes wrong', () => {
  const put = (destination: Destination) => {
    const episode = outgoing();
    return destination.put(episode, transfer(episode));
  };

  test('a bucket that is not there', async () => {
    const server = await S3Server.start();
    const destination = await open('s3://no-such-bucket/x', { endpoint: server.address });
    const error = { kind: 'lasting', message: expect.stringContaining('there is no such bucket') };
    await expect(destination.exists('01J', call)).rejects.toMatchObject(error);
    await expect(put(destination)).rejects.toMatchObject(error);
  });

  test('a key that the server does not know', async () => {
    const server = await S3Server.start();
    const env = { AWS_ACCESS_KEY_ID: 'AKIAWRONG', AWS_SECRET_ACCESS_KEY: 's3cr3t' };
    const destination = await open(TO, { endpoint: server.address }, env);
    const error = await put(destination).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ kind: 'lasting', hint: expect.stringContaining('AWS_ACCESS_KEY_ID') });
    expect(String(error)).toContain('the server does not know the access key (InvalidAccessKeyId, HTTP 403)');
    expect(String(error)).not.toMatch(/s3cr3t|AKIAWRONG/);
  });

  test('no credentials at all', async () => {
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere');
    onTestFinished(() => void vi.unstubAllEnvs());
    const server = await S3Server.start();
    for (const profile of [{}, { profile: 'nobody' }]) {
      const destination = await open(TO, { endpoint: server.address, ...profile }, {});
      await expect(put(destination)).rejects.toMatchObject({
        kind: 'lasting',
        message: expect.stringContaining('no credentials were found'),
      });
    }
    expect(server.requests).toEqual([]);
  });

  test("no region: a server of one's own does without, AWS does not", async () => {
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_PROFILE', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(open(TO, { region: 'x y' })).rejects.toMatchObject({ kind: 'lasting', message: '"x y" is no region' });
    const server = await S3Server.start();
    const options = { path_style: true };
    const request = { to: TO, env: CREDENTIALS, baseDir: '/', isOnlyCopy: false };
    await expect(s3.open({ ...request, options })).rejects.toMatchObject({ kind: 'lasting' });
    const destination = await s3.open({ ...request, options: { ...options, endpoint: server.address } });
    expect(await destination.exists('01J', call)).toBeNull();
    await destination.close();
  });

  test.each([
    [403, 'AccessDenied', 'lasting'],
    [403, 'SignatureDoesNotMatch', 'lasting'],
    [400, 'ExpiredToken', 'lasting'],
    [400, 'InvalidBucketName', 'lasting'],
    [301, 'PermanentRedirect', 'lasting'],
    [400, 'AuthorizationHeaderMalformed', 'lasting'],
    [403, 'QuotaExceeded', 'lasting'],
    [507, 'NobodyKnowsThis', 'lasting'],
    [418, 'NobodyKnowsThis', 'lasting'],
    [500, 'InternalError', 'passing'],
    [502, 'NobodyKnowsThis', 'passing'],
    [503, 'SlowDown', 'passing'],
    [400, 'RequestTimeout', 'passing'],
    [429, 'NobodyKnowsThis', 'passing'],
    [409, 'OperationAborted', 'passing'],
  ] as const)('%i %s is %s', async (status, code, kind) => {
    const { server, destination } = await started();
    server.answer = ({ method }, response) => method === 'PUT' && refuse(response, status, code);
    const message = new RegExp(`^could not write s3://${BUCKET}/some/where/.*\\(${code}, HTTP ${status}\\)$`);
    await expect(put(destination)).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  test('a server that is none of S3', async () => {
    const { server, destination } = await started();
    server.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Log in & go on');
      return true;
    };
    await expect(destination.verify(outgoing(), 'draft', call)).rejects.toMatchObject({ kind: 'lasting' });
  });

  test('a host that is not there, and a server that speaks no TLS', async () => {
    const server = await S3Server.start();
    for (const endpoint of ['http://no-such-host.invalid', server.address.replace('http:', 'https:')]) {
      const destination = await open(TO, { endpoint, path_style: true });
      await expect(put(destination)).rejects.toMatchObject({ name: 'DestinationError', kind: 'lasting' });
    }
  });

  test('an idle connection that was closed costs no attempt of the caller', async () => {
    const { server, destination } = await started();
    let broken = 0;
    server.answer = ({ method, socket }) => {
      if (method !== 'PUT' || broken > 0) return false;
      broken += 1;
      socket.destroy();
      return true;
    };
    expect(await send(destination, outgoing())).toEqual([]);
    expect(broken).toBe(1);
  });

  test('an answer that breaks off', async () => {
    const { server, destination } = await started();
    const episode = outgoing({ 'telemetry/a.jsonl': 'a'.repeat(1000) });
    await send(destination, episode);
    server.answer = ({ method, url }, response) => {
      if (method !== 'GET' || !url!.includes('a.jsonl')) return false;
      response.writeHead(200, { 'content-length': '1000' });
      response.write('a'.repeat(500), () => response.destroy());
      return true;
    };
    await expect(destination.verify(episode, 'published', call)).rejects.toMatchObject({ kind: 'passing' });
  });

  test('a server that goes away in the middle and comes back: put goes on', async () => {
    const { server, destination } = await started();
    const episode = outgoing({ 'telemetry/a.jsonl': 'a'.repeat(50_000), 'telemetry/b.jsonl': 'b'.repeat(50_000) });
    server.answer = ({ method, url }) => {
      if (method !== 'PUT' || !url!.includes('b.jsonl')) return false;
      void server.stop();
      return true;
    };
    await expect(destination.put(episode, transfer(episode))).rejects.toMatchObject({ kind: 'passing' });
    // nothing listens
    await expect(destination.put(episode, transfer(episode))).rejects.toMatchObject({ kind: 'passing' });
    server.answer = () => false;
    await server.resume();
    const rest = transfer(episode);
    await destination.put(episode, rest);
    expect(rest.reads).toEqual(['telemetry/b.jsonl']);
    expect(await send(destination, episode)).toEqual([]);
  });
});

test('nothing was told to the terminal: neither of Node 20 nor of listeners', () => {
  expect(warnings.filter(({ message }) => /AWS|listeners/.test(message))).toEqual([]);
});
