import type { EpisodeFile, OutgoingEpisode } from '../../index.js';

/** What is in a folder at the other side. Its paths are bytes, one a character: what is there need not be UTF-8. */
export interface Survey {
  /** The size of each that is no folder, by its path. */
  readonly sizes: ReadonlyMap<string, number>;
  /** The digest of each regular file. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Reads what the scripts tell: records that end with a zero, an empty one between the two halves. */
export function parseSurvey(output: Buffer): Survey {
  const records = output.toString('latin1').split('\0');
  const middle = records.indexOf('');
  const digests = records.slice(middle + 1).filter((record) => record !== '');
  return {
    sizes: new Map(records.slice(0, middle).map(sizeOf)),
    digests: new Map(digests.map((record) => [record.slice(68), record.slice(0, 64)])), // the digest, two spaces, "./path"
  };
}

function sizeOf(record: string): [string, number] {
  const path = record.indexOf(' ', 2) + 1;
  return [record.slice(path), Number(record.slice(2, path))];
}

export const bytesOf = (path: string): string => Buffer.from(path, 'utf8').toString('latin1');
export const textOf = (path: string): string => Buffer.from(path, 'latin1').toString('utf8');
/** As the scripts read it. */
export const listOf = (paths: readonly string[]): Buffer =>
  Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');

export const allOf = ({ files, marker }: OutgoingEpisode): readonly EpisodeFile[] => [...files, marker];

/** Those that are not there, or not with the right content. */
export const missingIn = ({ digests }: Survey, files: readonly EpisodeFile[]): EpisodeFile[] =>
  files.filter(({ path, sha256 }) => digests.get(bytesOf(path)) !== sha256);

/** What is there and does not belong to the episode. */
export function strangersIn({ sizes }: Survey, episode: OutgoingEpisode): string[] {
  const own = new Set(allOf(episode).map(({ path }) => bytesOf(path)));
  return [...sizes.keys()].filter((path) => !own.has(path));
}
