import type { ErrorObject } from 'ajv';
import { explainError } from '../config/explain-errors.js';
import { inject, injectable } from '../di/container.js';
import { CLOCK, VERSION } from '../di/tokens.js';
import { EpisodeFolder, NAMES } from '../episode/episode-folder.js';
import { type Marker, writeMarker } from '../episode/marker.js';
import type { EndReason, Loss, Meta } from '../episode/meta.js';
import { CisError } from '../errors/cis-error.js';
import { withLockedFolder } from '../files/folder-lock.js';
import { replaceFile } from '../files/replace-file.js';
import type { Verdict } from '../grade/verdict.js';
import { printJson } from '../json/exact-json.js';
import { completeRelabelling, isRelabelling } from '../labels/reseal.js';
import { SchemaRegistry } from '../schemas/schema-registry.js';
import { endOrphans } from '../targets/orphans.js';
import type { Clock } from '../time/clock.js';
import { clearRunFolders } from '../vm/run-folder.js';
import { lookInto } from './findings.js';
import { requirePlain, tidy } from './inventory.js';
import { rebuildMeta } from './rebuild-meta.js';
import { settle } from './settle.js';
import { readUnfinishedMeta, requireDeadRecorder, requireUnfinished } from './unfinished.js';

const NS_PER_MS = 1_000_000n;

export interface RecoverOptions {
  /** The caller knows that the recorder is dead, although nothing here can tell. */
  readonly isForced: boolean;
}

export interface RecoveredEpisode {
  readonly path: string;
  /** What had been interrupted. */
  readonly completed: 'recording' | 'relabelling';
  readonly id: string;
  readonly verdict: Verdict;
  readonly endReason: EndReason;
  /** Nanoseconds since the origin. */
  readonly endNs: bigint;
  readonly rows: number;
  readonly lost: readonly Loss[];
}

/**
 * Finishes what a recorder could not. First everything is read, then meta.json tells what was found, then the files are
 * made to be what it tells, and the marker comes last. Killed at any point, it does the same again: what is whole stays
 * whole, and meta.json keeps what was lost.
 */
@injectable()
export class EpisodeRecoverer {
  readonly #schemas: SchemaRegistry;
  readonly #clock: Clock;
  readonly #version: string;

  constructor(
    @inject(SchemaRegistry) schemas: SchemaRegistry,
    @inject(CLOCK) clock: Clock,
    @inject(VERSION) version: string,
  ) {
    this.#schemas = schemas;
    this.#clock = clock;
    this.#version = version;
  }

  /** Throws EPISODE_* errors, TOOL_MISSING and RECOVERY_FAILED. */
  async recover(path: string, { isForced }: RecoverOptions): Promise<RecoveredEpisode> {
    const folder = new EpisodeFolder(path);
    requireUnfinished(folder);
    return withLockedFolder(path, () => {
      requireUnfinished(folder); // another recovery may have ended in between
      // 1. whose it is
      const isSealed = isRelabelling(folder); // so that its recorder had ended, wherever that was
      const meta = readUnfinishedMeta(folder, this.#schemas);
      requireDeadRecorder(meta, path, isForced || isSealed);
      requirePlain(path, new Set(meta.collectors.map(({ source }) => source)));
      return isSealed ? this.#completeRelabelling(folder, meta) : this.#recover(folder, meta);
    });
  }

  #completeRelabelling(folder: EpisodeFolder, meta: Meta): RecoveredEpisode {
    tidy(folder.path); // a marker that is half-written would be no part of the manifest
    return relabelled(folder, meta, completeRelabelling(folder, meta, this.#schemas));
  }

  async #recover(folder: EpisodeFolder, meta: Meta): Promise<RecoveredEpisode> {
    // 2. what the recorder has left running
    await endOrphans();
    clearRunFolders();
    // 3. what is there
    const found = await lookInto(folder, meta, this.#schemas);
    // 4. meta.json tells it, before anything is taken out
    const by = { at_realtime_ns: BigInt(this.#clock.wallMs()) * NS_PER_MS, version: this.#version };
    const recovered = rebuildMeta(found, by);
    const text = printJson(recovered);
    this.#requireSound(text, folder);
    tidy(folder.path);
    replaceFile(folder.meta, text);
    // 5. the files are made to be what it tells
    const hashed = settle(folder, found, recovered);
    // 6. the marker, last of all
    const verdict = { grade: recovered.grade!, reasons: recovered.grade_reasons };
    const endReason = recovered.end_reason!;
    writeMarker(folder, { id: recovered.id, status: 'failed', endReason, verdict }, hashed);
    const rows = recovered.collectors.reduce((sum, collector) => sum + Number(collector.rows), 0);
    return {
      path: folder.path,
      completed: 'recording',
      id: recovered.id,
      verdict,
      endReason,
      endNs: BigInt(found.endNs),
      rows,
      lost: found.lost,
    };
  }

  /** Figures are made of rows, which may say what can not be: then nothing is vouched for. Throws EPISODE_DAMAGED. */
  #requireSound(meta: string, { path }: EpisodeFolder): void {
    const validate = this.#schemas.document('meta');
    if (validate(JSON.parse(meta))) return;
    const why = explainError((validate.errors as ErrorObject[])[0]!, '');
    throw new CisError('EPISODE_DAMAGED', `what is in ${path} can not be: of ${NAMES.meta} it would make that ${why}`);
  }
}

/** The episode was whole before, and is so again. */
function relabelled(
  { path }: EpisodeFolder,
  { end_ns: endNs }: Meta,
  { id, grade, reasons, end_reason, files }: Marker,
): RecoveredEpisode {
  const rows = files.filter((entry) => entry.path.startsWith(`${NAMES.telemetry}/`));
  return {
    path,
    completed: 'relabelling',
    id,
    verdict: { grade, reasons },
    endReason: end_reason,
    endNs: BigInt(endNs ?? 0),
    rows: rows.reduce((sum, entry) => sum + Number(entry.rows), 0),
    lost: [],
  };
}
