import { lstatSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { CisError } from '../errors/cis-error.js';
import { errorCode } from '../errors/describe-error.js';
import { readDocument } from '../files/read-document.js';
import type { Grade } from '../grade/verdict.js';
import { parseJson } from '../json/exact-json.js';
import { effectiveLabels, type PlacedLabel } from '../labels/effective-labels.js';
import { recorderState } from '../recorder/recorder-identity.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import { NAMES } from './episode-folder.js';
import { isEpisodeId } from './episode-id.js';
import type { Marker } from './marker.js';
import type { EndReason, Meta, Status } from './meta.js';

export interface EpisodeSummary {
  readonly id: string;
  readonly path: string;
  /** `recoverable`: no marker, and its recorder is gone; `unreadable`: meta.json is missing, or a document is damaged. */
  readonly status: Status | 'recoverable' | 'unreadable';
  readonly end_reason: EndReason | null;
  readonly grade: Grade | null;
  /** ISO 8601, in UTC. */
  readonly started: string | null;
  readonly duration_s: number | null;
  readonly labels: readonly string[];
  readonly rows: number;
}

/** The episodes of an output folder, oldest first; none if there is no such folder. */
export function listEpisodes(output: string): EpisodeSummary[] {
  return folderNames(output)
    .filter(isEpisodeId)
    .sort()
    .map((id) => summaryOf(id, join(output, id)));
}

/** The folder that `ID` in the output folder, or a path, stands for. Throws EPISODE_NOT_FOUND. */
export function findEpisode(idOrPath: string, output: string, cwd: string): string {
  const candidates = isEpisodeId(idOrPath)
    ? [join(output, idOrPath), resolve(cwd, idOrPath)]
    : [resolve(cwd, idOrPath)];
  const found = candidates.find((path) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory());
  if (found !== undefined) return found;
  throw new CisError(
    'EPISODE_NOT_FOUND',
    `there is no episode ${JSON.stringify(idOrPath)}; looked for ${candidates.join(' and ')}`,
  );
}

export interface EpisodeDocuments {
  readonly path: string;
  readonly is_finished: boolean;
  readonly meta: Meta;
  readonly marker: Marker | null;
  readonly labels: readonly Readonly<Record<string, unknown>>[];
}

/** What `episode show` tells. Throws EPISODE_NOT_FOUND if it has no readable meta.json, or one that is none. */
export function readEpisode(path: string, schemas: SchemaRegistry): EpisodeDocuments {
  const meta = readIfThere<Meta>(join(path, NAMES.meta));
  if (meta === null)
    throw new CisError('EPISODE_NOT_FOUND', `${path} has no meta.json that can be read: it is no episode`);
  const marker = readIfThere<Marker>(join(path, NAMES.marker));
  const labels = linesOf(join(path, NAMES.labels));
  requireSound(join(path, NAMES.meta), [readDocument(join(path, NAMES.meta))], schemas.document('meta'));
  if (marker !== null)
    requireSound(join(path, NAMES.marker), [readDocument(join(path, NAMES.marker))], schemas.document('marker'));
  requireSound(join(path, NAMES.labels), labels, schemas.document('label'));
  return { path, is_finished: marker !== null, meta, marker, labels: labelsIn(labels) };
}

/** What stands in a folder may be damaged, or forged. */
function requireSound(path: string, documents: readonly string[], validate: ValidateFunction): void {
  if (documents.every((text) => isSound(text, validate))) return;
  throw new CisError('EPISODE_NOT_FOUND', `${path} is not what its schema asks for`, {
    hint: 'Run "cis490 episode validate" on it: that tells every violation.',
  });
}

function isSound(text: string, validate: ValidateFunction): boolean {
  try {
    return validate(JSON.parse(text)) === true;
  } catch {
    return false;
  }
}

function folderNames(output: string): string[] {
  try {
    return readdirSync(output, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw new CisError('OUTPUT_UNWRITABLE', `${output} can not be listed: ${errorCode(error)}`, { cause: error });
  }
}

const NOTHING_KNOWN = { end_reason: null, grade: null, started: null, duration_s: null, labels: [], rows: 0 };

/** One that is damaged, or forged, does not hide the others. */
function summaryOf(id: string, path: string): EpisodeSummary {
  try {
    return summarise(id, path);
  } catch {
    return { id, path, status: 'unreadable', ...NOTHING_KNOWN };
  }
}

/** Throws whatever comes of documents that are none. */
function summarise(id: string, path: string): EpisodeSummary {
  const meta = readIfThere<Meta>(join(path, NAMES.meta));
  const marker = readIfThere<Marker>(join(path, NAMES.marker));
  if (meta === null) throw new Error('no meta.json can be read');
  for (const word of [marker?.status, marker?.grade, marker?.end_reason ?? meta.end_reason])
    if (word !== undefined && word !== null && typeof word !== 'string')
      throw new Error('what should be a word is none');
  const origin = meta.clocks?.origin_realtime_ns ?? meta.clocks?.start?.realtime_ns ?? null;
  return {
    id,
    path,
    status: marker?.status ?? (isRecorderAlive(meta) ? 'running' : 'recoverable'),
    end_reason: marker?.end_reason ?? meta.end_reason ?? null,
    grade: marker?.grade ?? null,
    started: origin === null ? null : new Date(Number(BigInt(origin) / 1_000_000n)).toISOString(),
    duration_s: meta.end_ns === null ? null : Number(meta.end_ns) / 1e9,
    labels: [...new Set(labelsOf(path, meta, marker).map(({ label }) => String(label)))],
    rows: meta.collectors.reduce((sum, { rows }) => sum + Number(rows), 0),
  };
}

function isRecorderAlive({ recorder }: Meta): boolean {
  try {
    return recorderState(recorder) === 'alive';
  } catch {
    return false; // what stands there is no recorder
  }
}

function readIfThere<T>(path: string): T | null {
  try {
    const document = parseJson(readDocument(path));
    return typeof document === 'object' && document !== null ? (document as T) : null;
  } catch {
    return null;
  }
}

/** What was planned, unless somebody has corrected it. */
function labelsOf(path: string, { planned_phases: planned }: Meta, marker: Marker | null) {
  const isCorrected = Array.isArray(marker?.history) && marker.history.length > 0;
  return isCorrected ? labelsIn(linesOf(join(path, NAMES.labels))) : planned;
}

/** The whole lines of a file, if it can be read: that of an episode that is being recorded may end in half a line. */
function linesOf(path: string): string[] {
  try {
    return readDocument(path).split('\n').slice(0, -1);
  } catch {
    return [];
  }
}

/** Those that hold, in the order of their time. Throws SyntaxError. */
function labelsIn(lines: readonly string[]): Readonly<Record<string, unknown>>[] {
  return effectiveLabels(lines.map((line) => parseJson(line) as PlacedLabel & Readonly<Record<string, unknown>>));
}
