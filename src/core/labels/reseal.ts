import { createHash } from 'node:crypto';
import { closeSync, constants, fsyncSync, ftruncateSync, lstatSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type EpisodeFolder, NAMES } from '../episode/episode-folder.js';
import { type Former, type Marker, type MarkerFile, manifestEntry } from '../episode/marker.js';
import type { Meta } from '../episode/meta.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { filesBelow } from '../files/files-below.js';
import { openPlain } from '../files/open-regular.js';
import { readDocument } from '../files/read-document.js';
import { fsyncFolder, replaceFile } from '../files/replace-file.js';
import { syncAndHash } from '../files/sync-and-hash.js';
import { parseJson, printJson } from '../json/exact-json.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import { EpisodeReport } from '../validation/report.js';
import { labelsCheckOf } from '../validation/validate-labels.js';

/** What a relabelling is about to do; it stands in the former marker until it is done. */
interface Intent {
  /** Whole lines for labels.jsonl. */
  readonly append: string;
  readonly former: Omit<Former, 'files'>;
}

type Aside = Marker & { readonly relabelling?: Intent };

/**
 * Appends lines to labels.jsonl of a finished episode and seals it anew. The marker steps aside first, so that it is
 * never there while it does not hold; at every moment there is exactly one of the two, and the one aside says what is to
 * be done, so that `completeRelabelling` ends what was interrupted.
 */
export function reseal(
  folder: EpisodeFolder,
  append: string,
  by: Pick<Former, 'at_realtime_ns' | 'by' | 'why'>,
): Marker {
  const text = readDocument(folder.marker);
  const marker = parseJson(text) as Marker;
  requireUnchanged(folder, entryOf(marker, NAMES.labels));
  const former = { ...by, marker_sha256: createHash('sha256').update(text).digest('hex') };
  renameSync(folder.marker, folder.formerMarker);
  fsyncFolder(folder.path);
  const aside: Aside = { ...marker, relabelling: { append, former } };
  replaceFile(folder.formerMarker, printJson(aside));
  return finish(folder, aside);
}

/** Whether a relabelling was interrupted. */
export function isRelabelling({ formerMarker }: EpisodeFolder): boolean {
  return lstatSync(formerMarker, { throwIfNoEntry: false }) !== undefined;
}

/** Ends a relabelling that was interrupted. Throws EPISODE_DAMAGED. */
export function completeRelabelling(folder: EpisodeFolder, meta: Meta, schemas: SchemaRegistry): Marker {
  const aside = readAside(folder, schemas);
  requireInventory(folder, aside);
  for (const entry of aside.files) if (entry.path !== NAMES.labels) requireUnchanged(folder, entry);
  if (aside.relabelling !== undefined) {
    requireSoundLabels(folder, aside, meta, schemas);
    return finish(folder, aside);
  }
  // it had not begun to write, or had all but ended
  requireUnchanged(folder, entryOf(aside, NAMES.labels));
  publish(folder);
  return aside;
}

function finish(folder: EpisodeFolder, { relabelling, ...marker }: Aside): Marker {
  const { append, former } = relabelling!;
  const before = entryOf(marker, NAMES.labels);
  appendAt(folder.labels, before.bytes, append);
  const after = manifestEntry(folder.path, NAMES.labels);
  const sealed: Marker = {
    ...marker,
    files: marker.files.map((entry) => (entry === before ? after : entry)),
    history: [...marker.history, { ...former, files: [before] }],
  };
  replaceFile(folder.formerMarker, printJson(sealed));
  publish(folder);
  return sealed;
}

function publish(folder: EpisodeFolder): void {
  renameSync(folder.formerMarker, folder.marker);
  fsyncFolder(folder.path);
}

/** The file is what the marker says: else sealing it would vouch for what nobody has seen. Throws EPISODE_DAMAGED. */
function requireUnchanged({ path }: EpisodeFolder, { path: name, bytes, sha256 }: MarkerFile): void {
  // its size first: nothing else bounds what would have to be read
  const stat = lstatSync(join(path, name), { throwIfNoEntry: false });
  if (stat?.size !== bytes || syncAndHash(join(path, name)).sha256 !== sha256) throw changed(path, name);
}

/** The marker lists all that is there, and nothing else: no path of it leads out of the folder. Throws EPISODE_DAMAGED. */
function requireInventory({ path }: EpisodeFolder, marker: Marker): void {
  entryOf(marker, NAMES.meta);
  const there = filesBelow(path).filter((name) => name !== NAMES.formerMarker);
  const listed = marker.files.map((entry) => entry.path);
  const stranger = there.find((name) => !listed.includes(name));
  if (stranger !== undefined)
    throw new CisError('EPISODE_DAMAGED', `${join(path, stranger)} is not in ${NAMES.marker}`);
  const missing = listed.find((name) => !there.includes(name));
  if (missing !== undefined)
    throw new CisError('EPISODE_DAMAGED', `${NAMES.marker} lists ${JSON.stringify(missing)}, which ${path} has not`);
}

function entryOf({ files }: Marker, name: string): Marker['files'][number] {
  const entry = files.find(({ path }) => path === name);
  if (entry === undefined) throw new CisError('EPISODE_DAMAGED', `${NAMES.marker} does not list ${name}`);
  return entry;
}

const changed = (path: string, name: string): CisError =>
  new CisError('EPISODE_DAMAGED', `${join(path, name)} is not what ${NAMES.marker} says: it was changed afterwards`);

/**
 * What was sealed before is still there, and with what is to be appended it is labels. The intent was read from a file: it
 * may be damaged, or forged. Throws EPISODE_DAMAGED.
 */
function requireSoundLabels(folder: EpisodeFolder, aside: Aside, meta: Meta, schemas: SchemaRegistry): void {
  const { append } = aside.relabelling!;
  const { bytes, sha256 } = entryOf(aside, NAMES.labels);
  const before = Buffer.from(readDocument(folder.labels)).subarray(0, bytes);
  if (createHash('sha256').update(before).digest('hex') !== sha256) throw changed(folder.path, NAMES.labels);
  const report = new EpisodeReport(folder.path);
  const check = labelsCheckOf(meta, schemas, report);
  const lines = `${before}${append}`.split('\n');
  if (lines.pop() !== '') check.problem('the last line is torn', lines.length + 1);
  for (const [i, line] of lines.entries()) check.line(line, i + 1);
  check.finish();
  const [first] = report.violations;
  if (first !== undefined)
    throw new CisError(
      'EPISODE_DAMAGED',
      `${folder.formerMarker} would make of ${NAMES.labels} what it can not be: ${first.message}`,
    );
}

/** The file's first `bytes` and then `text`, whatever an interrupted attempt has left behind them. */
function appendAt(path: string, bytes: number, text: string): void {
  const fd = openPlain(path, constants.O_WRONLY);
  try {
    ftruncateSync(fd, bytes);
    const content = Buffer.from(text);
    for (let done = 0; done < content.length; )
      done += writeSync(fd, content, done, content.length - done, bytes + done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function readAside({ formerMarker }: EpisodeFolder, schemas: SchemaRegistry): Aside {
  try {
    const text = readDocument(formerMarker);
    const { relabelling, ...marker } = JSON.parse(text) as Aside;
    const isMarker = schemas.document('marker');
    if (!isMarker(marker) || (relabelling !== undefined && !isMarker(announced(marker, relabelling))))
      throw new Error('is no marker');
    return parseJson(text) as Aside;
  } catch (error) {
    throw new CisError('EPISODE_DAMAGED', `${formerMarker} ${errorMessage(error)}`, { cause: error });
  }
}

/** What it says is about to be; null if that is nothing. */
const announced = (marker: Marker, { append, former }: Intent): unknown =>
  typeof append === 'string' ? { ...marker, history: [...marker.history, { ...former, files: [] }] } : null;
