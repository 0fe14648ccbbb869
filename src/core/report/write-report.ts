import { lstatSync } from 'node:fs';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { replaceFile } from '../files/replace-file.js';
import type { Grade } from '../grade/verdict.js';
import { openEpisode } from '../reading/open-episode.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import { collectReport } from './collect-report.js';
import { episodePage } from './episode-page.js';

export interface WriteReportOptions {
  /** The episode's folder. */
  readonly folder: string;
  /** Where to write, absolute, of the episode with this id. */
  readonly fileOf: (id: string) => string;
  /** Whether a file that is there is replaced. */
  readonly force: boolean;
  readonly schemas: SchemaRegistry;
}

export interface WrittenReport {
  /** The file. */
  readonly path: string;
  readonly episode: string;
  readonly id: string;
  readonly grade: Grade;
  readonly bytes: number;
  readonly rows: number;
  readonly charts: number;
}

/**
 * Makes a page of an episode and writes it as a whole. Throws EPISODE_* errors, REPORT_EXISTS before anything is read, and
 * OUTPUT_UNWRITABLE.
 */
export async function writeReport({ folder, fileOf, force, schemas }: WriteReportOptions): Promise<WrittenReport> {
  const episode = openEpisode(folder, {}, schemas);
  const path = fileOf(episode.id);
  if (!force) requireAbsent(path);
  const content = await collectReport(episode);
  const { text, charts } = episodePage(content);
  try {
    replaceFile(path, text);
  } catch (error) {
    throw new CisError('OUTPUT_UNWRITABLE', `${path} can not be written: ${errorMessage(error)}`, {
      cause: error,
      hint: 'Choose a writable place with --file, or make room.',
    });
  }
  return {
    path,
    episode: folder,
    id: episode.id,
    grade: episode.marker!.grade,
    bytes: Buffer.byteLength(text),
    rows: content.sources.reduce((sum, { rows }) => sum + rows, 0),
    charts,
  };
}

function requireAbsent(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined)
    throw new CisError('REPORT_EXISTS', `${path} exists already`);
}
