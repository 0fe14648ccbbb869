import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { NAMES } from '../episode/episode-folder.js';
import type { Marker } from '../episode/marker.js';
import type { Meta } from '../episode/meta.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { readDocument } from '../files/read-document.js';
import { parseJson } from '../json/exact-json.js';
import { SchemaRegistry } from '../schemas/schema-registry.js';
import { EpisodeReader } from './episode-reader.js';
import { firstProblem } from './first-problem.js';
import { damaged } from './read-lines.js';
import type { AsRead, OpenEpisodeOptions, RecordedEpisode } from './recorded-episode.js';

/**
 * Opens an episode's folder for reading. Never follows a link. Throws EPISODE_NOT_FOUND, EPISODE_UNFINISHED unless that is
 * allowed, and EPISODE_DAMAGED where meta.json or done.marker is not what its schema asks for.
 */
export function openEpisode(
  path: string,
  { allowUnfinished = false }: OpenEpisodeOptions = {},
  schemas = new SchemaRegistry(),
): RecordedEpisode {
  if (!isFolder(path) || !isThere(join(path, NAMES.meta)))
    throw new CisError('EPISODE_NOT_FOUND', `${path} is no folder with a ${NAMES.meta}: it is no episode`);
  const isFinished = isThere(join(path, NAMES.marker));
  if (!isFinished && !allowUnfinished)
    throw new CisError('EPISODE_UNFINISHED', `${path} has no ${NAMES.marker}: what is in it is not complete`);
  const telemetry = join(path, NAMES.telemetry);
  if (!isFolder(telemetry)) throw damaged({ name: telemetry }, null, 'is no folder');
  const meta = readSound<Meta>(join(path, NAMES.meta), schemas.document('meta'));
  const marker = isFinished ? readSound<Marker>(join(path, NAMES.marker), schemas.document('marker')) : null;
  return new EpisodeReader({ path, meta, marker, schemas });
}

/** A document that its schema accepts. Throws EPISODE_DAMAGED. */
function readSound<T>(path: string, validate: ValidateFunction): AsRead<T> {
  try {
    const text = readDocument(path);
    if (!validate(JSON.parse(text))) throw new Error(`is not what its schema asks for: ${firstProblem(validate)}`);
    return parseJson(text) as AsRead<T>;
  } catch (error) {
    throw damaged({ name: path }, null, errorMessage(error), error);
  }
}

const isFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
