import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { CollectorFigures } from '../../episode/collector-figures.js';
import { NAMES } from '../../episode/episode-folder.js';
import type { Marker, MarkerFile } from '../../episode/marker.js';
import type { Meta } from '../../episode/meta.js';
import { errorMessage } from '../../errors/describe-error.js';
import { hashFile } from '../../files/hash-file.js';
import { readDocument } from '../../files/read-document.js';
import { parseJson } from '../../json/exact-json.js';
import type { RecordedLabel } from '../../labels/label-figures.js';
import { requireRowSchema } from '../../rows/stored-schema.js';
import type { DocumentName, SchemaRegistry } from '../../schemas/schema-registry.js';
import { closedIntervals } from './closed-intervals.js';
import type { EpisodeInput, SourceInput } from './episode-input.js';

/** What the contract lets a field be called; DuckDB folds case, and a name of somebody else's could be two. */
const NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** What tells episodes and splits apart stands beside a row's own columns. */
const TAKEN = new Set(['episode_id', 'split']);

/**
 * A finished episode, of which every file that a data set is made of has the digest that its marker says. Throws in
 * words why it is none.
 */
export async function loadEpisode(path: string, schemas: SchemaRegistry): Promise<EpisodeInput> {
  const text = readFile(path, NAMES.marker);
  const marker = documentOf<Marker>(text, 'marker', NAMES.marker, schemas);
  if (marker.id !== basename(path)) throw new Error(`its done.marker is that of ${marker.id}`);
  const meta = documentOf<Meta>(readFile(path, NAMES.meta), 'meta', NAMES.meta, schemas);
  if (meta.id !== marker.id) throw new Error(`its meta.json is that of ${meta.id}`);
  await requireUnchanged(path, marker.files);
  const endNs = Number(meta.end_ns ?? 0);
  if (endNs <= 0) throw new Error('it has no duration');
  return {
    id: marker.id,
    path,
    meta,
    markerSha256: createHash('sha256').update(text).digest('hex'),
    grade: marker.grade,
    endNs,
    intervals: closedIntervals(readLabels(path), endNs),
    sources: meta.collectors.flatMap((figures) => sourceOf(path, figures, meta)),
  };
}

function readFile(folder: string, name: string): string {
  try {
    return readDocument(join(folder, name));
  } catch (error) {
    const why = errorMessage(error);
    if (name === NAMES.marker && why === 'does not exist') throw new Error('it is not finished: it has no done.marker');
    throw new Error(`its ${name} ${why}`, { cause: error });
  }
}

function documentOf<T>(text: string, schema: DocumentName, name: string, schemas: SchemaRegistry): T {
  try {
    if (schemas.document(schema)(JSON.parse(text))) return parseJson(text) as T;
  } catch (error) {
    throw new Error(`its ${name} is no JSON: ${errorMessage(error)}`, { cause: error });
  }
  throw new Error(`its ${name} is not what its schema asks for; "cis490 episode validate" tells more`);
}

/** What nobody reads here, what the target printed, is left alone: it may be large. */
async function requireUnchanged(folder: string, files: readonly MarkerFile[]): Promise<void> {
  for (const { path, bytes, sha256 } of files) {
    if (path.startsWith(`${NAMES.artifacts}/`)) continue;
    const found = await hashFile(join(folder, path)).catch((error: unknown) => {
      throw new Error(`its ${path} ${errorMessage(error)}`, { cause: error });
    });
    if (found.bytes !== bytes || found.sha256 !== sha256)
      throw new Error(`its ${path} is not what done.marker says: it was changed afterwards`);
  }
}

function readLabels(folder: string): RecordedLabel[] {
  const lines = readFile(folder, NAMES.labels).split('\n').slice(0, -1);
  return lines.map((line) => parseJson(line) as RecordedLabel);
}

/** None for a collector that has no rows to read. */
function sourceOf(folder: string, figures: CollectorFigures, { vantages }: Meta): SourceInput[] {
  const { source, plugin, vantage, row_schema: schema, row_version: rowVersion, rows } = figures;
  if (schema === null || rowVersion === null || Number(rows) === 0) return [];
  requireRowSchema(schema);
  for (const name of Object.keys(schema.properties ?? {})) {
    if (!NAME.test(name)) throw new Error(`its ${source} has the column ${JSON.stringify(name)}, which is no name`);
    if (TAKEN.has(name)) throw new Error(`its ${source} has the column ${name}, which a data set has of its own`);
  }
  const facts = vantages[vantage] ?? vantages.local;
  return [
    {
      source,
      plugin: plugin.name,
      pluginVersion: String(plugin.version),
      rowVersion: Number(rowVersion),
      rowSchema: schema,
      vantage,
      isDeployable: figures.available_in_deployment === true,
      intervalNs: figures.interval_ns === null ? null : Number(figures.interval_ns),
      rows: Number(rows),
      path: join(folder, NAMES.telemetry, `${source}.jsonl`),
      cpus: Number(facts.cpus),
      clockTicksPerSecond: Number(facts.clock_ticks_per_second),
    },
  ];
}
