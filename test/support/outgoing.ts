import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ulid } from 'ulid';
import type { EpisodeFile, OutgoingEpisode, Transfer } from '../../src/index.js';
import { temporaryFolder } from './cli.js';

/** Names that a shell, a URL or a program's own syntax would take for something else. */
export const ODD_PATHS = [
  'artifacts/a b.log',
  "artifacts/it's $HOME `id`.log",
  'artifacts/100%25 #1?x=&y+z.log',
  'artifacts/-rf',
  'artifacts/[a]*{b}.log',
  'artifacts/ünï.log',
];

/** A folder as an episode leaves it, its content made up: what goes over is nobody's business but the episode's. */
export function outgoing(
  contents: Readonly<Record<string, string | Buffer>> = {},
  id: string = ulid(),
): OutgoingEpisode {
  const folder = join(temporaryFolder(), id);
  const all = {
    'meta.json': `{"id":"${id}"}`,
    'telemetry/system.jsonl': randomBytes(200).toString('hex'),
    'artifacts/empty.log': '',
    ...contents,
  };
  const files = Object.entries(all).map(([path, content]) => written(folder, path, content));
  const marker = written(folder, 'done.marker', JSON.stringify({ id, files }));
  const digest = sha256(JSON.stringify([files, marker])).slice(0, 16);
  return { id, folder, files, marker, draft: `.${id}.${digest}.partial` };
}

function written(folder: string, path: string, content: string | Buffer): EpisodeFile {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
  return { path, bytes: Buffer.byteLength(content), sha256: sha256(content) };
}

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Without a limit; `reads` are the paths that were asked for, `total` the bytes that were sent. */
export function transfer(
  { folder }: OutgoingEpisode,
  {
    signal = new AbortController().signal,
    bytesPerSecond = null,
  }: Partial<Pick<Transfer, 'signal' | 'bytesPerSecond'>> = {},
) {
  const reads: string[] = [];
  let total = 0;
  async function* read({ path }: EpisodeFile) {
    reads.push(path);
    const content = readFileSync(join(folder, path));
    const buffer = Buffer.alloc(1 << 16);
    for (let at = 0; at < content.length; at += buffer.length) {
      signal.throwIfAborted();
      const length = content.copy(buffer, 0, at);
      total += length;
      yield buffer.subarray(0, length);
      buffer.fill('~'); // a chunk holds no longer
    }
  }
  return {
    signal,
    bytesPerSecond,
    read,
    sent(bytes: number) {
      total += bytes;
    },
    reads,
    get total() {
      return total;
    },
  };
}
