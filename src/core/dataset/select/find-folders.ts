import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { NAMES } from '../../episode/episode-folder.js';
import { isEpisodeId } from '../../episode/episode-id.js';
import { CisError } from '../../errors/cis-error.js';

const PATTERN = /[*?[{]/;

export interface Places {
  /** The folder that ids are looked up in. */
  readonly output: string;
  readonly cwd: string;
}

/**
 * The folders of episodes that ids, folders, folders of episodes and globs stand for; absolute, each once, in the order
 * of their names. Throws EPISODE_NOT_FOUND for one that stands for nothing.
 */
export function findFolders(args: readonly string[], places: Places): string[] {
  const found = new Set(args.flatMap((arg) => foldersOf(arg, places).map((path) => realpathSync(path))));
  return [...found].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function foldersOf(arg: string, { output, cwd }: Places): string[] {
  const candidates = isEpisodeId(arg) ? [join(output, arg), resolve(cwd, arg)] : [resolve(cwd, arg)];
  const folder = candidates.find(isFolder);
  const matches = folder === undefined ? matching(arg, cwd) : [folder];
  const episodes = matches.flatMap((path) => (isEpisode(path) ? [path] : episodesIn(path)));
  if (episodes.length > 0) return episodes;
  const why = matches.length === 0 ? `looked for ${candidates.join(' and ')}` : 'the folder is none and holds none';
  throw new CisError('EPISODE_NOT_FOUND', `${JSON.stringify(arg)} stands for no episode; ${why}`);
}

const matching = (pattern: string, cwd: string): string[] =>
  PATTERN.test(pattern)
    ? globSync(pattern, { cwd, absolute: true, onlyDirectories: true, expandDirectories: false }).filter(isFolder)
    : [];

const isFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const isEpisode = (path: string): boolean =>
  isEpisodeId(nameOf(path)) ||
  [NAMES.meta, NAMES.marker].some((name) => lstatSync(join(path, name), { throwIfNoEntry: false }) !== undefined);

const episodesIn = (path: string): string[] =>
  readdirSync(path)
    .filter(isEpisodeId)
    .map((id) => join(path, id))
    .filter(isFolder);

const nameOf = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1)!;
