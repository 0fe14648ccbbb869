import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { expect, test } from 'vitest';
import type { Destination, OutgoingEpisode } from '../../src/index.js';
import { ODD_PATHS, outgoing, sha256, transfer } from './outgoing.js';

/** A place of its own at a server. */
export interface Site {
  open(): Promise<Destination>;
  /** Everything that is there: its content by its path. Where drafts have names of their own, those too. */
  list(): Promise<ReadonlyMap<string, Buffer>>;
  /** Changes what is there behind the destination's back. */
  write(path: string, content: Buffer): Promise<void>;
}

const signal = new AbortController().signal;
const call = { signal };

/** As `ship` does it. */
async function send(destination: Destination, episode: OutgoingEpisode, sending = transfer(episode)) {
  await destination.put(episode, sending);
  const wrong = await destination.verify(episode, 'draft', call);
  if (wrong.length === 0) await destination.publish(episode, call);
  return { wrong, sending };
}

const here = ({ folder, files, marker }: OutgoingEpisode): Map<string, Buffer> =>
  new Map([...files, marker].map(({ path }) => [path, readFileSync(join(folder, path))]));

async function published(site: Site, { id }: OutgoingEpisode): Promise<Map<string, Buffer>> {
  const all = [...(await site.list())].filter(([path]) => path.startsWith(`${id}/`));
  return new Map(all.map(([path, content]) => [path.slice(id.length + 1), content]));
}

/** Paths and digests: to compare large buffers byte by byte takes seconds. */
const sorted = (files: ReadonlyMap<string, Buffer>) =>
  [...files].map(([path, content]) => [path, sha256(content)] as const).sort(([a], [b]) => (a < b ? -1 : 1));

/** What is waited for, and what lets it pass. */
function gate(): [Promise<void>, () => void] {
  let open = () => {};
  return [new Promise<void>((resolve) => (open = resolve)), () => open()];
}

/** What every destination has to do. `hasDraft`: what is not published has a name of its own. */
export function destinationContract(newSite: () => Promise<Site>, { hasDraft = true } = {}): void {
  test('an episode arrives whole: each file, each byte, the marker last, and nothing else is left there', async () => {
    const site = await newSite();
    const destination = await site.open();
    const odd = Object.fromEntries(ODD_PATHS.map((path) => [path, `content of ${path}`]));
    const episode = outgoing({ ...odd, 'telemetry/large.jsonl': Buffer.alloc(3_000_000, 'abcdefg\n') });
    expect(await destination.exists(episode.id, call)).toBeNull();
    await destination.put(episode, transfer(episode));
    expect(await destination.exists(episode.id, call)).toBeNull();
    expect(await destination.verify(episode, 'draft', call)).toEqual([]);
    await destination.publish(episode, call);
    expect(sorted(await published(site, episode))).toEqual(sorted(here(episode)));
    expect((await site.list()).size).toBe(episode.files.length + 1);
    const marker = Buffer.from((await destination.exists(episode.id, call))!);
    expect(marker.toString()).toBe(readFileSync(join(episode.folder, 'done.marker'), 'utf8'));
    expect(await destination.verify(episode, 'published', call)).toEqual([]);
    await destination.close();
    await destination.close();
  });

  test('a second put sends nothing, and the bytes of the first are counted once', async () => {
    const site = await newSite();
    const destination = await site.open();
    const episode = outgoing({ 'telemetry/more.jsonl': Buffer.alloc(500_000, 'x') });
    const first = transfer(episode);
    await destination.put(episode, first);
    const bytes = episode.files.reduce((sum, file) => sum + file.bytes, 0);
    expect(first.total).toBeGreaterThanOrEqual(bytes);
    expect(first.total).toBeLessThanOrEqual(bytes + episode.marker.bytes);
    const again = transfer(episode);
    await destination.put(episode, again);
    expect(again.total).toBe(0);
    await destination.close();
  });

  test('a put that is cut short is gone on with: what had arrived is not sent again', async () => {
    const site = await newSite();
    const episode = outgoing({ 'telemetry/a.jsonl': 'a'.repeat(100_000), 'telemetry/b.jsonl': 'b'.repeat(100_000) });
    const part = { ...episode, files: episode.files.slice(0, -1) };
    const first = await site.open();
    await first.put(part, transfer(part)).catch(() => {});
    await first.close();
    const second = await site.open();
    const { wrong, sending } = await send(second, episode);
    expect(wrong).toEqual([]);
    expect(sending.total).toBeGreaterThanOrEqual(100_000);
    expect(sending.total).toBeLessThan(150_000);
    expect(sorted(await published(site, episode))).toEqual(sorted(here(episode)));
    await second.close();
  });

  test('a byte that is changed there is found, and mended by another put', async () => {
    const site = await newSite();
    const destination = await site.open();
    const episode = outgoing({ 'telemetry/a.jsonl': 'a'.repeat(10_000) });
    await destination.put(episode, transfer(episode));
    const place = hasDraft ? episode.draft : episode.id;
    await site.write(`${place}/telemetry/a.jsonl`, Buffer.from(`${'a'.repeat(9_999)}b`));
    expect(await destination.verify(episode, 'draft', call)).toEqual(['telemetry/a.jsonl']);
    const { wrong, sending } = await send(destination, episode);
    expect(wrong).toEqual([]);
    expect(sending.total).toBeGreaterThanOrEqual(10_000);
    expect(sorted(await published(site, episode))).toEqual(sorted(here(episode)));
    await site.write(`${episode.id}/meta.json`, Buffer.from('{}'));
    expect(await destination.verify(episode, 'published', call)).toEqual(['meta.json']);
    await destination.close();
  });

  test('what does not belong to the draft is removed, and what does not belong to the episode is told', async () => {
    const site = await newSite();
    const destination = await site.open();
    const episode = outgoing();
    await site.write(`${hasDraft ? episode.draft : episode.id}/telemetry/half.tmp`, Buffer.from('half'));
    const { wrong } = await send(destination, episode);
    expect(wrong).toEqual([]);
    expect(sorted(await published(site, episode))).toEqual(sorted(here(episode)));
    await site.write(`${episode.id}/telemetry/stranger.jsonl`, Buffer.from('{}'));
    expect(await destination.verify(episode, 'published', call)).toEqual(['telemetry/stranger.jsonl']);
    await destination.close();
  });

  test('an id that is taken is a conflict: nothing of it is changed', async () => {
    const site = await newSite();
    const destination = await site.open();
    const episode = outgoing();
    await send(destination, episode);
    const before = sorted(await published(site, episode));
    const other = outgoing({ 'telemetry/system.jsonl': 'another' }, episode.id);
    expect(await destination.verify(other, 'published', call)).toContain('telemetry/system.jsonl');
    await expect(send(destination, other)).rejects.toMatchObject({ name: 'DestinationError', kind: 'conflict' });
    await destination.discard(other, call);
    expect(sorted(await published(site, episode))).toEqual(before);
    expect([...(await site.list()).keys()].filter((path) => path.startsWith('.'))).toEqual([]);
    await destination.close();
  });

  test('many at once, two runs of each: every one arrives once, and whoever is second finds it there', async () => {
    const site = await newSite();
    const [one, two] = [await site.open(), await site.open()];
    const episodes = Array.from({ length: 6 }, () => outgoing());
    const ends = await Promise.allSettled(
      episodes.flatMap((episode) => [one, two].map((destination) => send(destination, episode))),
    );
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ name: 'DestinationError' });
    for (const episode of episodes) {
      // what was thrown may be passing: `ship` looks again
      if ((await one.exists(episode.id, call)) === null) await send(one, episode);
      await one.discard(episode, call);
      expect(sorted(await published(site, episode))).toEqual(sorted(here(episode)));
    }
    expect([...(await site.list()).keys()].filter((path) => path.startsWith('.'))).toEqual([]);
    await Promise.all([one.close(), two.close()]);
  });

  test('another run publishes while this one is sending: what is published stays whole, and the draft can be discarded', async () => {
    const site = await newSite();
    const [one, two] = [await site.open(), await site.open()];
    const episode = outgoing({ 'telemetry/a.jsonl': 'a'.repeat(100_000), 'telemetry/b.jsonl': 'b'.repeat(100_000) });
    const [inTheMiddle, reach] = gate();
    const [goneOn, goOn] = gate();
    const whole = transfer(episode);
    const slow = {
      ...whole,
      async *read(file: Parameters<typeof whole.read>[0]) {
        for await (const chunk of whole.read(file)) {
          yield chunk;
          reach();
          await goneOn;
        }
      },
    };
    const late = one.put(episode, slow).catch((error: unknown) => error);
    await Promise.race([inTheMiddle, late]);
    await send(two, episode);
    goOn();
    await late;
    await one.discard(episode, call);
    await one.discard(episode, call); // there is none any more
    expect(sorted(await published(site, episode))).toEqual(sorted(here(episode)));
    expect(await two.verify(episode, 'published', call)).toEqual([]);
    expect((await site.list()).size).toBe(episode.files.length + 1);
    await Promise.all([one.close(), two.close()]);
  });

  test('what reading the episode throws passes through, and nothing is published of it', async () => {
    const site = await newSite();
    const destination = await site.open();
    const episode = outgoing({ 'telemetry/a.jsonl': 'a'.repeat(300_000) });
    const failure = new Error('the file is not what its manifest says');
    const sending = {
      ...transfer(episode),
      // biome-ignore lint/correctness/useYield: it fails before it has anything to give
      async *read(): AsyncGenerator<Uint8Array> {
        throw failure;
      },
    };
    const end = await destination.put(episode, sending).then(
      () => null,
      (error: unknown) => error,
    );
    // a program that reads the files itself can't notice
    if (end !== null) expect(end).toBe(failure);
    expect(await destination.exists(episode.id, call)).toBeNull();
    await destination.close();
  });

  test('a run that is given up ends, and leaves nothing that cannot be gone on with', async () => {
    const site = await newSite();
    const destination = await site.open();
    const episode = outgoing({ 'telemetry/a.jsonl': Buffer.alloc(2_000_000, 'x') });
    const stop = new AbortController();
    const whole = transfer(episode, { signal: stop.signal });
    const sending = {
      ...whole,
      async *read(file: Parameters<typeof whole.read>[0]) {
        for await (const chunk of whole.read(file)) {
          yield chunk;
          stop.abort();
        }
      },
    };
    const put = destination.put(episode, sending);
    setTimeout(() => stop.abort(), 300).unref();
    await put.catch(() => {});
    expect(await destination.exists(episode.id, call)).toBeNull();
    expect((await send(destination, episode)).wrong).toEqual([]);
    expect(sorted(await published(site, episode))).toEqual(sorted(here(episode)));
    await destination.close();
  });

  test('an id that was never there has no marker', async () => {
    const destination = await (await newSite()).open();
    expect(await destination.exists(ulid(), call)).toBeNull();
    await destination.close();
  });

  test('a changed file here is not what is published there', async () => {
    const site = await newSite();
    const destination = await site.open();
    const episode = outgoing({ 'telemetry/a.jsonl': 'a'.repeat(1000) });
    writeFileSync(join(episode.folder, 'telemetry/a.jsonl'), `${'a'.repeat(999)}b`);
    await destination.put(episode, transfer(episode)).catch(() => {}); // some notice at once
    expect(await destination.verify(episode, 'draft', call)).toContain('telemetry/a.jsonl');
    await destination.close();
  });
}
