import { closeSync, lstatSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ErrorObject } from 'ajv';
import { configDigest } from '../config/config-digest.js';
import { explainError } from '../config/explain-errors.js';
import { type EpisodeFolder, NAMES } from '../episode/episode-folder.js';
import type { Meta } from '../episode/meta.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { openRegular } from '../files/open-regular.js';
import { readDocument } from '../files/read-document.js';
import { parseJson } from '../json/exact-json.js';
import { recorderState } from '../recorder/recorder-identity.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import { timesIn } from '../validation/row-times.js';

const FIRST_BYTES = 64 * 1024;

/** As far as it is repeated in meta.json. */
interface ResolvedConfig {
  readonly duration_ns: number;
  readonly phases: readonly { readonly name: string; readonly label: string }[];
  readonly collectors: Readonly<Record<string, { readonly interval_ns: number }>>;
}

/** Throws EPISODE_FINISHED. */
export function requireUnfinished({ marker, path }: EpisodeFolder): void {
  if (lstatSync(marker, { throwIfNoEntry: false }) !== undefined)
    throw new CisError('EPISODE_FINISHED', `${path} has its ${NAMES.marker}: there is nothing to recover`);
}

/** The meta.json of an unfinished episode, held against its schema. Throws EPISODE_NOT_FOUND or EPISODE_DAMAGED. */
export function readUnfinishedMeta({ meta: path, path: folder }: EpisodeFolder, schemas: SchemaRegistry): Meta {
  const damaged = (why: string) => new CisError('EPISODE_DAMAGED', `${path} can not be trusted: ${why}`);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
    throw new CisError('EPISODE_NOT_FOUND', `${folder} has no ${NAMES.meta}: it is no episode`);
  let meta: Meta;
  try {
    const text = readDocument(path);
    const validate = schemas.document('meta');
    const plain = JSON.parse(text) as Meta;
    if (!validate(plain)) throw new Error(explainError((validate.errors as ErrorObject[])[0]!, ''));
    requireOwnConfig(plain);
    meta = parseJson(text) as Meta;
  } catch (error) {
    throw damaged(errorMessage(error));
  }
  if (meta.id !== basename(folder)) throw damaged(`it is that of episode ${meta.id}`);
  if (meta.planned_phases.length === 0) throw damaged('it has no phases');
  return meta;
}

/** What is repeated from the configuration is what that says: rows are held against it. Throws in words. */
function requireOwnConfig({ config, config_sha256: digest, duration_ns, collectors, planned_phases }: Meta): void {
  if (configDigest(config) !== digest) throw new Error('its configuration was changed');
  const own = config as Partial<ResolvedConfig>;
  const isPlan = planned_phases.every(({ name, label }, i) => {
    const phase = own.phases?.[i];
    return phase?.name === name && phase?.label === label;
  });
  const isInterval = collectors.every(
    ({ source, kind, interval_ns }) =>
      kind === null || kind === 'stream' || own.collectors?.[source]?.interval_ns === interval_ns,
  );
  if (own.duration_ns !== duration_ns || !isPlan || !isInterval)
    throw new Error('its duration, phases or intervals are not those of its configuration');
}

/** Throws EPISODE_RECORDING; or EPISODE_ELSEWHERE, unless the caller knows that the recorder is dead. */
export function requireDeadRecorder({ recorder }: Meta, path: string, isForced: boolean): void {
  const state = recorderState(recorder);
  if (state === 'alive')
    throw new CisError('EPISODE_RECORDING', `${path} is being recorded by process ${recorder.pid}`);
  if (state === 'elsewhere' && !isForced)
    throw new CisError(
      'EPISODE_ELSEWHERE',
      `${path} was recorded under boot ${recorder.boot_id}${recorder.pid_namespace === undefined ? '' : `, pid namespace ${recorder.pid_namespace}`}, which is not this one: whether process ${recorder.pid} lives can not be seen from here`,
    );
}

/**
 * The wall time of the origin. A recorder writes it into meta.json a moment after the origin; until then it is what the
 * first rows of all files say, and where they differ, those of most. Without rows there was no origin, and the start of
 * the recorder stands in for it. Throws EPISODE_DAMAGED.
 */
export function originOf({ clocks }: Meta, files: readonly string[]): bigint {
  if (clocks.origin_realtime_ns !== null) return BigInt(clocks.origin_realtime_ns);
  const counts = new Map<bigint, number>();
  for (const file of files) {
    const found = timesIn(firstLine(file));
    if (found === null) continue;
    const origin = BigInt(found.wall) - BigInt(found.mono);
    counts.set(origin, (counts.get(origin) ?? 0) + 1);
  }
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a);
  if (first === undefined) return BigInt(clocks.start.realtime_ns);
  if (first[1] === second?.[1])
    throw new CisError(
      'EPISODE_DAMAGED',
      `${files[0]} and others differ in their first rows, of which one tells when the origin was`,
    );
  return first[0];
}

/** Empty where there is none. */
function firstLine(path: string): string {
  try {
    const { fd } = openRegular(path);
    try {
      const bytes = Buffer.alloc(FIRST_BYTES);
      const text = bytes.toString('latin1', 0, readSync(fd, bytes));
      return text.slice(0, Math.max(0, text.indexOf('\n')));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

export const telemetryFile = (source: string): string => join(NAMES.telemetry, `${source}.jsonl`);
