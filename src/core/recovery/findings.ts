import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import type { CollectorFigures } from '../episode/collector-figures.js';
import { type EpisodeFolder, NAMES } from '../episode/episode-folder.js';
import type { Loss, Meta } from '../episode/meta.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { readDocument } from '../files/read-document.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import { lossesOf, mergeLosses } from './losses.js';
import { type RebuiltLabels, rebuildLabels } from './rebuild-labels.js';
import { type EventScan, type ScanEventsOptions, scanEvents } from './scan-events.js';
import { type RowScan, type ScanRowsOptions, scanRows } from './scan-rows.js';
import { originOf, telemetryFile } from './unfinished.js';
import type { WholeLines } from './whole-lines.js';

interface TelemetryScan {
  readonly figures: CollectorFigures;
  readonly file: string;
  readonly options: ScanRowsOptions;
  readonly scan: RowScan | null;
}

/** Everything that is known of an unfinished episode, before anything in it was changed. */
export interface Findings {
  readonly meta: Meta;
  readonly originNs: bigint;
  readonly endNs: number;
  readonly telemetry: readonly TelemetryScan[];
  readonly events: EventScan | null;
  readonly eventOptions: ScanEventsOptions;
  readonly labels: RebuiltLabels;
  readonly lost: readonly Loss[];
}

/** Reads all of an unfinished episode, in memory that does not depend on its size. Throws EPISODE_DAMAGED. */
export async function lookInto(folder: EpisodeFolder, meta: Meta, schemas: SchemaRegistry): Promise<Findings> {
  const present = meta.collectors.filter(({ state, row_schema: schema }) => state !== 'absent' && schema !== null);
  const paths = present.map(({ source }) => folder.telemetry(source));
  const originRealtimeNs = originOf(meta, [folder.events, folder.labels, ...paths]);
  const eventOptions: ScanEventsOptions = {
    validate: schemas.document('event'),
    originRealtimeNs,
    durationNs: meta.duration_ns,
    sources: new Set(meta.collectors.map(({ source }) => source)),
    phases: new Set(meta.planned_phases.map(({ name }) => String(name))),
  };
  const events = scanEvents(folder.events, eventOptions);
  const telemetry: TelemetryScan[] = [];
  for (const figures of present) {
    const validate = await rowSchema(figures, schemas);
    const options = { figures, originRealtimeNs, durationNs: meta.duration_ns, validate };
    const scan = scanRows(folder.telemetry(figures.source), options);
    telemetry.push({ figures, options, scan, file: telemetryFile(figures.source) });
  }
  for (const { file, scan } of [{ file: NAMES.events, scan: events }, ...telemetry]) requireOwnRows(folder, file, scan);
  const endNs = endOf(meta, events, telemetry);
  const labels = rebuildLabels({
    text: readIfThere(folder.labels),
    planned: meta.planned_phases.map(({ name, label, start_ns, end_ns }) => ({
      name: String(name),
      label: String(label),
      startNs: Number(start_ns),
      endNs: Number(end_ns),
    })),
    phaseStarts: events?.phaseStarts ?? new Map(),
    originRealtimeNs,
    endNs,
    validate: schemas.document('label'),
  });
  // the recorder makes its files before the origin
  const wasBegun = meta.clocks.origin_realtime_ns !== null || telemetry.some(({ scan }) => (scan?.lines ?? 0) > 0);
  const lost = [
    ...lossesOf(NAMES.events, events, wasBegun),
    ...lossesOf(NAMES.labels, labels.isMissing ? null : labels, wasBegun),
    ...telemetry.flatMap(({ file, scan }) => lossesOf(file, scan, wasBegun)),
  ];
  return {
    meta,
    originNs: originRealtimeNs,
    endNs,
    telemetry,
    events,
    eventOptions,
    labels,
    lost: mergeLosses(meta.recovery?.lost ?? [], lost),
  };
}

/**
 * Rows that are damaged are few among those that are not. Where most of a file are whole records and yet not of this
 * episode, meta.json is not what it was: to take them out would be to destroy all that there is. Throws EPISODE_DAMAGED.
 */
function requireOwnRows({ path }: EpisodeFolder, file: string, scan: WholeLines | null): void {
  if (scan === null || scan.foreignLines <= scan.lines) return;
  throw new CisError(
    'EPISODE_DAMAGED',
    `${join(path, file)} has ${scan.foreignLines} rows that are whole, and not of this ${NAMES.meta}, beside ${scan.lines} that are: one of the two is not what the recorder wrote`,
  );
}

async function rowSchema(
  { row_schema: schema, source }: CollectorFigures,
  schemas: SchemaRegistry,
): Promise<ValidateFunction> {
  try {
    return await schemas.storedRows(schema!);
  } catch (error) {
    throw new CisError(
      'EPISODE_DAMAGED',
      `the row schema of ${source} in ${NAMES.meta} can not be used: ${errorMessage(error)}`,
    );
  }
}

/** The last that any row knows of, but not behind the planned end; a recorder that had come to its end has told it. */
function endOf(
  { end_ns: told, duration_ns: durationNs }: Meta,
  events: EventScan | null,
  telemetry: readonly TelemetryScan[],
): number {
  const lastDue = Math.max(0, ...telemetry.map(({ scan }) => scan?.lastDueNs ?? 0));
  const known = told === null ? events?.ended?.endNs : Number(told);
  const last = known ?? Math.max(events?.lastNs ?? 0, ...telemetry.map(({ scan }) => scan?.lastNs ?? 0));
  return Math.min(durationNs, Math.max(last, lastDue));
}

function readIfThere(path: string): string | null {
  try {
    return readDocument(path);
  } catch (error) {
    if (errorMessage(error) === 'does not exist') return null;
    throw new CisError('EPISODE_DAMAGED', `${path} ${errorMessage(error)}`);
  }
}
