import { lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ErrorObject } from 'ajv';
import { LAST_WORDS_NS } from '../collection/stream-queue.js';
import { configDigest } from '../config/config-digest.js';
import { explainError, isEcho } from '../config/explain-errors.js';
import { inject, injectable } from '../di/container.js';
import type { CollectorFigures } from '../episode/collector-figures.js';
import { NAMES } from '../episode/episode-folder.js';
import { isEpisodeId } from '../episode/episode-id.js';
import type { Marker, MarkerFile } from '../episode/marker.js';
import type { Meta } from '../episode/meta.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { entriesBelow } from '../files/files-below.js';
import { readDocument } from '../files/read-document.js';
import { isSafePath } from '../files/safe-path.js';
import { parseJson } from '../json/exact-json.js';
import type { RecordedLabel } from '../labels/label-figures.js';
import { type DocumentName, SchemaRegistry } from '../schemas/schema-registry.js';
import type { LineVisitor } from './line-reader.js';
import { EpisodeReport } from './report.js';
import { RowTimes } from './row-times.js';
import { hashStoredStart, scanStored, sizeOf, storedFile } from './stored-file.js';
import { checkGrade } from './validate-grade.js';
import { eventsCheck, type LogCheck, labelsCheckOf } from './validate-labels.js';
import { telemetryCheck } from './validate-telemetry.js';

/** What has neither an episode's name nor its documents was named by mistake; what has is one, whole or not. */
function requireEpisode(folder: string): void {
  const isThere = (name: string) => lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined;
  if (isEpisodeId(basename(folder)) || [NAMES.meta, NAMES.marker].some(isThere)) return;
  throw new CisError('EPISODE_NOT_FOUND', `${folder} has neither ${NAMES.meta} nor ${NAMES.marker}: it is no episode`);
}

/** Holds an episode's folder against its manifest, its schemas and itself, in one pass over each file. Writes nothing. */
@injectable()
export class EpisodeValidator {
  readonly #schemas: SchemaRegistry;

  constructor(@inject(SchemaRegistry) schemas: SchemaRegistry) {
    this.#schemas = schemas;
  }

  /** Throws EPISODE_NOT_FOUND. */
  async validate(folder: string): Promise<EpisodeReport> {
    const report = new EpisodeReport(folder);
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (stat === undefined || !stat.isDirectory()) {
      report.add('.', stat === undefined ? 'does not exist' : 'is no folder');
      return report;
    }
    requireEpisode(folder);
    requireEpisode(folder);
    const marker = this.#document<Marker>(folder, NAMES.marker, 'marker', report);
    if (marker === null) return report;
    report.grade = marker.grade;
    checkInventory(folder, marker, report);
    const meta = this.#document<Meta>(folder, NAMES.meta, 'meta', report);
    if (meta === null) return report;
    checkAgreement(folder, marker, meta, report);
    const labels: RecordedLabel[] = [];
    const checks = await this.#checks(marker, meta, labels, report);
    for (const entry of marker.files)
      if (isSafePath(entry.path)) await checkFile(folder, entry, checks.get(entry.path), report);
    checkGrade(meta, labels, report);
    await checkHistory(folder, marker, report);
    return report;
  }

  /** A document that its schema accepts, or null after a violation. Its integers are exact. */
  #document<T>(folder: string, name: string, schema: DocumentName, report: EpisodeReport): T | null {
    try {
      const text = readDocument(join(folder, name));
      const validate = this.#schemas.document(schema);
      const plain = JSON.parse(text) as { config?: unknown; config_sha256?: unknown };
      if (schema === 'meta') checkConfigDigest(plain, report);
      if (validate(plain)) return parseJson(text) as T;
      for (const error of (validate.errors as ErrorObject[]).filter((each) => !isEcho(each)))
        report.add(name, explainError(error, ''));
    } catch (error) {
      const why = errorMessage(error);
      report.add(
        name,
        name === NAMES.marker && why === 'does not exist' ? 'does not exist: the episode is not finished' : why,
      );
    }
    return null;
  }

  /** What to do with the lines of each file. `rows` takes those of labels.jsonl. */
  async #checks(marker: Marker, meta: Meta, rows: RecordedLabel[], report: EpisodeReport): Promise<Map<string, Check>> {
    const origin = BigInt(meta.clocks.origin_realtime_ns ?? 0);
    const checks = new Map<string, Check>([
      [
        NAMES.events,
        withoutCount(eventsCheck(NAMES.events, this.#schemas.document('event'), new RowTimes(origin), report)),
      ],
      [NAMES.labels, withoutCount(labelsCheckOf(meta, this.#schemas, report, rows))],
    ]);
    for (const figures of meta.collectors) {
      const file = `${NAMES.telemetry}/${figures.source}.jsonl`;
      const isListed = marker.files.some(({ path }) => path === file);
      if (isListed && figures.row_schema === null)
        report.add(file, 'has rows of a plugin that, says meta.json, could not be loaded');
      if (!isListed && figures.state !== 'absent')
        report.add(file, 'is missing from done.marker, although meta.json has the collector');
      if (meta.profile === 'deployment' && figures.available_in_deployment === false)
        report.add(NAMES.meta, `profile is "deployment", but ${figures.source} is an oracle`);
      const check =
        isListed && figures.row_schema !== null
          ? await this.#telemetry(
              file,
              figures,
              new RowTimes(origin, latestRow(figures, meta)),
              meta.recovery?.lost.some((loss) => loss.file === file) ?? false,
              report,
            )
          : null;
      if (check !== null) checks.set(file, check);
    }
    return checks;
  }

  async #telemetry(
    file: string,
    figures: CollectorFigures,
    times: RowTimes,
    mayLackRows: boolean,
    report: EpisodeReport,
  ): Promise<Check | null> {
    try {
      const validate = await this.#schemas.storedRows(figures.row_schema!);
      return telemetryCheck(file, figures, validate, times, mayLackRows, report);
    } catch (error) {
      report.add(NAMES.meta, `the row schema of ${figures.source} can not be used: ${errorMessage(error)}`);
      return null;
    }
  }
}

/** What a stream says while it is stopped may lie a little behind the end; samples are placed by their ticks. */
function latestRow({ kind }: CollectorFigures, { end_ns: endNs }: Meta): number | undefined {
  return kind === 'stream' && endNs !== null ? Number(endNs) + LAST_WORDS_NS : undefined;
}

/** On the plain document: the digest was made of the configuration as JavaScript prints it. */
function checkConfigDigest(
  { config, config_sha256 }: { config?: unknown; config_sha256?: unknown },
  report: EpisodeReport,
): void {
  if (configDigest(config) !== config_sha256) report.add(NAMES.meta, 'config_sha256 is not the digest of config');
}

interface Check extends LineVisitor {
  finish(lines: number): void;
}

const withoutCount = (check: LogCheck): Check => ({ ...check, finish: () => check.finish() });

/** Every file is in the manifest once, and the manifest has no other. */
function checkInventory(folder: string, { files }: Marker, report: EpisodeReport): void {
  const listed = new Set<string>();
  for (const { path } of files) {
    if (!isSafePath(path)) report.add(NAMES.marker, `lists ${JSON.stringify(path)}, which leaves the folder`);
    if (listed.has(path)) report.add(NAMES.marker, `lists ${path} twice`);
    listed.add(path);
  }
  for (const needed of [NAMES.meta, NAMES.events, NAMES.labels]) {
    if (!listed.has(needed)) report.add(NAMES.marker, `does not list ${needed}`);
  }
  const stored = new Set([...listed].filter(isSafePath).map((path) => storedFile(folder, path).path));
  for (const path of entriesBelow(folder))
    if (path !== NAMES.marker && !stored.has(path)) report.add(path, 'is not in done.marker');
}

function checkAgreement(folder: string, marker: Marker, meta: Meta, report: EpisodeReport): void {
  if (basename(folder) !== marker.id)
    report.add(NAMES.marker, `id is ${marker.id}, but the folder is named ${basename(folder)}`);
  for (const key of ['id', 'status', 'end_reason', 'grade'] as const) {
    if (marker[key] !== meta[key])
      report.add(NAMES.meta, `${key} is ${JSON.stringify(meta[key])}; done.marker says ${JSON.stringify(marker[key])}`);
  }
  for (const { source, bytes, state } of meta.collectors) {
    const listed = marker.files.find(({ path }) => path === `${NAMES.telemetry}/${source}.jsonl`);
    if (listed !== undefined && state !== 'absent' && listed.bytes !== bytes)
      report.add(NAMES.meta, `${source} has ${bytes} bytes; done.marker says ${listed.bytes}`);
  }
  if (JSON.stringify(marker.reasons) !== JSON.stringify(meta.grade_reasons))
    report.add(NAMES.meta, 'grade_reasons are not the reasons of done.marker');
  checkFigures(meta, report);
  const names = new Set(meta.collectors.map(({ source }) => source));
  for (const { path } of marker.files) {
    const source = /^telemetry\/(.+)\.jsonl$/.exec(path)?.[1];
    if (source !== undefined && !names.has(source)) report.add(path, 'belongs to no collector of meta.json');
  }
}

/** Ticks add up. */
function checkFigures(meta: Meta, report: EpisodeReport): void {
  for (const { source, ticks_scheduled, ticks_run, ticks_missed, interval_ns } of meta.collectors) {
    if (ticks_scheduled === null || interval_ns === null) continue;
    const due = Math.ceil(Number(meta.end_ns) / Number(interval_ns));
    if (Number(ticks_scheduled) !== due)
      report.add(NAMES.meta, `${source} has ticks_scheduled ${ticks_scheduled}; until end_ns ${due} were due`);
    const missed = Number(ticks_scheduled) - Number(ticks_run);
    if (Number(ticks_missed) !== missed)
      report.add(NAMES.meta, `${source} has ticks_missed ${ticks_missed}; scheduled less run are ${missed}`);
  }
}

async function checkFile(
  folder: string,
  { path, bytes, rows, sha256 }: MarkerFile,
  check: Check | undefined,
  report: EpisodeReport,
): Promise<void> {
  try {
    const stored = storedFile(folder, path);
    const size = sizeOf(folder, stored.path);
    if (stored.compression === null && size !== bytes) {
      // nothing bounds what came after the marker: that it did is enough
      report.add(path, `has ${size} bytes; done.marker says ${bytes}`);
      return;
    }
    const found = await scanStored(folder, stored, bytes, check ?? IGNORE);
    if (found.bytes !== bytes) report.add(path, `unpacks to ${found.bytes} bytes; done.marker says ${bytes}`);
    if (found.sha256 !== sha256) report.add(path, 'its sha256 is not that of done.marker: it was changed afterwards');
    if (rows !== null && found.lines !== rows) report.add(path, `has ${found.lines} rows; done.marker says ${rows}`);
    check?.finish(found.lines);
  } catch (error) {
    report.add(path, errorMessage(error));
  }
}

/** What was sealed before was only appended to. */
async function checkHistory(folder: string, { history, files: listed }: Marker, report: EpisodeReport): Promise<void> {
  for (const { path, bytes, sha256 } of history.flatMap(({ files }) => files)) {
    try {
      if (!isSafePath(path)) continue;
      const stored = storedFile(folder, path);
      const isWhole = sizeOf(folder, stored.path) === listed.find((entry) => entry.path === path)?.bytes;
      if (stored.compression === null && !isWhole) continue; // told already
      if ((await hashStoredStart(folder, stored, bytes)) !== sha256)
        report.add(
          path,
          `its first ${bytes} bytes are not those that were sealed before: it was edited, not appended to`,
        );
    } catch (error) {
      report.add(path, errorMessage(error));
    }
  }
}

const IGNORE: LineVisitor = { line() {}, problem() {} };
