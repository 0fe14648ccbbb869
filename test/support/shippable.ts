import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll } from 'vitest';
import { EpisodeFolder } from '../../src/core/episode/episode-folder.js';
import { newEpisodeId } from '../../src/core/episode/episode-id.js';
import { type Marker, writeMarker } from '../../src/core/episode/marker.js';
import { cli, onlyEpisode, readJson } from './cli.js';
import { editText } from './unfinished.js';

let recorded: Promise<string> | undefined;

/** A small episode, really recorded, once per test file; to be copied. */
export function recordedEpisode(): Promise<string> {
  recorded ??= (async () => {
    const output = mkdtempSync(join(tmpdir(), 'cis490-shippable-'));
    afterAll(() => rmSync(output, { recursive: true, force: true }));
    const { code, stderr } = await cli(
      'episode',
      'start',
      '--duration',
      '300ms',
      '--output',
      output,
      '--',
      'sleep',
      '20',
    );
    if (code !== 0 && code !== 3) throw new Error(stderr);
    return onlyEpisode(output);
  })();
  return recorded;
}

/** Copies of it in a folder of episodes, each a valid episode of its own id. Returns their folders. */
export async function shippable(output: string, count: number): Promise<string[]> {
  const original = await recordedEpisode();
  mkdirSync(output, { recursive: true });
  return Array.from({ length: count }, () => copyAnew(original, output));
}

function copyAnew(original: string, output: string): string {
  const id = newEpisodeId();
  const folder = join(output, id);
  cpSync(original, folder, { recursive: true });
  editText(join(folder, 'meta.json'), (text) => text.replaceAll(basename(original), id));
  return resealed(folder);
}

/** With a marker for what is there now, and for the folder's name. Returns the folder. */
export function resealed(folder: string): string {
  const { status, end_reason: endReason, grade, reasons }: Marker = readJson(join(folder, 'done.marker'));
  rmSync(join(folder, 'done.marker'));
  const verdict = { grade, reasons: [...reasons] };
  writeMarker(new EpisodeFolder(folder), { id: basename(folder), status, endReason, verdict });
  return folder;
}

/** The content of each file of an episode by its path. */
export const contentOf = (folder: string, paths: readonly string[]): Record<string, string> =>
  Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'latin1')]));
