import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import folder from '../../src/destinations/folder/index.js';
import { temporaryFolder } from '../support/cli.js';
import { contentBelow } from '../support/content-below.js';
import { destinationContract } from '../support/destination-contract.js';
import { outgoing, transfer } from '../support/outgoing.js';

const open = (to: string, baseDir = '/') => folder.open({ to, options: {}, env: {}, baseDir, isOnlyCopy: false });

async function newSite() {
  const root = temporaryFolder();
  return {
    open: () => open(root),
    list: async () => contentBelow(root),
    async write(path: string, content: Buffer) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
  };
}

describe('the contract', () => destinationContract(newSite));

test('a file URL and a relative path name folders too', async () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'a b'));
  for (const [to, base] of [
    [`file://${root}/a%20b`, '/'],
    ['a b', root],
  ]) {
    const destination = await open(to!, base);
    const episode = outgoing();
    await destination.put(episode, transfer(episode));
    expect(readdirSync(join(root, 'a b'))).toContain(episode.draft);
  }
});

test.each([
  ['/nowhere/at/all', 'the folder /nowhere/at/all does not exist'],
  ['/etc/hostname', '/etc/hostname is no folder'],
  ['file://elsewhere/x', '"file://elsewhere/x" names no folder of this machine'],
])('%s is refused before anything is sent', async (to, message) => {
  await expect(open(to)).rejects.toMatchObject({ name: 'DestinationError', kind: 'lasting', message });
});

test('a link in the place of a file is never followed', async () => {
  const root = temporaryFolder();
  const outside = join(temporaryFolder(), 'precious');
  writeFileSync(outside, 'precious');
  const episode = outgoing();
  mkdirSync(join(root, episode.draft, 'telemetry'), { recursive: true });
  symlinkSync(outside, join(root, episode.draft, 'telemetry/system.jsonl'));
  const destination = await open(root);
  await destination.put(episode, transfer(episode));
  expect(await destination.verify(episode, 'draft', { signal: new AbortController().signal })).toEqual([]);
  expect(readFileSync(outside, 'utf8')).toBe('precious');
});

test.each(['the draft', 'a folder in it', 'the folder of what is being written'])(
  'a link in the place of %s is not followed, and is not published',
  async (what) => {
    const [root, outside] = [temporaryFolder(), temporaryFolder()];
    const episode = outgoing();
    if (what === 'the draft') symlinkSync(outside, join(root, episode.draft));
    else if (what === 'the folder of what is being written')
      symlinkSync(outside, join(root, `${episode.draft}.incoming`));
    else {
      mkdirSync(join(root, episode.draft));
      symlinkSync(outside, join(root, episode.draft, 'telemetry'));
    }
    const [destination, call] = [await open(root), { signal: new AbortController().signal }];
    await destination.put(episode, transfer(episode));
    expect(await destination.verify(episode, 'draft', call)).toEqual([]);
    await destination.publish(episode, call);
    expect(readdirSync(outside)).toEqual([]);
    expect(lstatSync(join(root, episode.id)).isDirectory()).toBe(true);
    expect(await destination.verify(episode, 'published', call)).toEqual([]);
  },
);

test('a folder in the place of a file of the draft goes', async () => {
  const root = temporaryFolder();
  const episode = outgoing();
  mkdirSync(join(root, episode.draft, 'meta.json/deep'), { recursive: true });
  writeFileSync(join(root, episode.draft, 'meta.json/deep/x'), 'x');
  const [destination, call] = [await open(root), { signal: new AbortController().signal }];
  await destination.put(episode, transfer(episode));
  expect(await destination.verify(episode, 'draft', call)).toEqual([]);
});

test.each(['a folder', 'a file', 'a link to nothing'])(
  'an id that is taken by %s is told before anything is sent, and stays',
  async (what) => {
    const root = temporaryFolder();
    const episode = outgoing();
    if (what === 'a folder') mkdirSync(join(root, episode.id));
    else if (what === 'a file') writeFileSync(join(root, episode.id), 'precious');
    else symlinkSync('nowhere', join(root, episode.id));
    const sending = transfer(episode);
    await expect((await open(root)).put(episode, sending)).rejects.toMatchObject({ kind: 'conflict' });
    expect(sending.reads).toEqual([]);
    expect(readdirSync(root)).toEqual([episode.id]);
  },
);

test('a draft that is gone is not published', async () => {
  const root = temporaryFolder();
  const episode = outgoing();
  const destination = await open(root);
  const publishing = destination.publish(episode, { signal: new AbortController().signal });
  await expect(publishing).rejects.toMatchObject({ kind: 'passing' });
  expect(readdirSync(root)).toEqual([]);
});

test("a name that the file system there does not take is the episode's trouble alone", async () => {
  const episode = outgoing({ [`artifacts/${'n'.repeat(240)}`]: 'x' });
  const root = join(temporaryFolder(), ...Array.from({ length: 19 }, () => 'd'.repeat(200)));
  mkdirSync(root, { recursive: true });
  const destination = await open(root); // with the folders and that name the path is too long
  await expect(destination.put(episode, transfer(episode))).rejects.toMatchObject({ kind: 'refused' });
});
