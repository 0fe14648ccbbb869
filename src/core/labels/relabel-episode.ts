import { lstatSync } from 'node:fs';
import { LABELS } from '../config/config.js';
import { inject, injectable } from '../di/container.js';
import { CLOCK } from '../di/tokens.js';
import { EpisodeFolder, NAMES } from '../episode/episode-folder.js';
import type { Marker } from '../episode/marker.js';
import type { Meta } from '../episode/meta.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { withLockedFolder } from '../files/folder-lock.js';
import { readDocument } from '../files/read-document.js';
import { parseJson } from '../json/exact-json.js';
import { jsonLine } from '../json/json-line.js';
import { type DocumentName, SchemaRegistry } from '../schemas/schema-registry.js';
import type { Clock } from '../time/clock.js';
import { type Correction, type CorrectionRequest, corrections, type StoredLabel } from './corrections.js';
import { reseal } from './reseal.js';

const NS_PER_MS = 1_000_000n;

export interface RelabelledEpisode {
  readonly path: string;
  readonly id: string;
  readonly appended: readonly (Correction & { readonly seq: number })[];
}

/** Corrects the labels of a finished episode by rows that are appended, and seals it anew. */
@injectable()
export class EpisodeLabeller {
  readonly #schemas: SchemaRegistry;
  readonly #clock: Clock;

  constructor(@inject(SchemaRegistry) schemas: SchemaRegistry, @inject(CLOCK) clock: Clock) {
    this.#schemas = schemas;
    this.#clock = clock;
  }

  /** Throws LABEL_INVALID, EPISODE_* errors and RECOVERY_FAILED. */
  async relabel(path: string, request: CorrectionRequest): Promise<RelabelledEpisode> {
    const folder = new EpisodeFolder(path);
    requireFinished(folder);
    return withLockedFolder(path, () => {
      requireFinished(folder); // another relabelling may have begun in between
      return this.#relabel(folder, request);
    });
  }

  #relabel(folder: EpisodeFolder, request: CorrectionRequest): RelabelledEpisode {
    const { id } = this.#document<Marker>(folder.marker, 'marker');
    const meta = this.#document<Meta>(folder.meta, 'meta');
    requireKnownLabel(request.label, meta);
    const rows = this.#rows(folder.labels);
    const endNs = Number(meta.end_ns ?? 0);
    const appended = corrections(rows, request, endNs).map((row, i) => ({ seq: rows.length + i, ...row }));
    const origin = BigInt(meta.clocks.origin_realtime_ns ?? 0);
    const lines = appended.map((row) => this.#line(row, origin));
    const { by, why } = request;
    reseal(folder, lines.join(''), { at_realtime_ns: BigInt(this.#clock.wallMs()) * NS_PER_MS, by, why });
    return { path: folder.path, id, appended };
  }

  #line({ seq, t_mono_ns, ...rest }: Correction & { readonly seq: number }, origin: bigint): string {
    const line = jsonLine({ seq, t_mono_ns, t_wall_ns: origin + BigInt(t_mono_ns), ...rest });
    const validate = this.#schemas.document('label');
    if (validate(JSON.parse(line))) return line;
    const { instancePath = '', message = '' } = validate.errors?.[0] ?? {};
    throw new CisError('LABEL_INVALID', `${instancePath.slice(1)} ${message}`);
  }

  #rows(path: string): StoredLabel[] {
    try {
      const validate = this.#schemas.document('label');
      const rows = readDocument(path)
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as StoredLabel);
      if (rows.length > 0 && rows.every((row, i) => validate(row) && row.seq === i)) return rows;
    } catch (error) {
      throw new CisError('EPISODE_DAMAGED', `${path} ${errorMessage(error)}`, { cause: error });
    }
    throw new CisError('EPISODE_DAMAGED', `${path} has rows that are no labels`);
  }

  #document<T>(path: string, name: DocumentName): T {
    try {
      const text = readDocument(path);
      if (this.#schemas.document(name)(JSON.parse(text))) return parseJson(text) as T;
    } catch (error) {
      throw new CisError('EPISODE_DAMAGED', `${path} ${errorMessage(error)}`, { cause: error });
    }
    throw new CisError('EPISODE_DAMAGED', `${path} is not what its schema asks for`);
  }
}

function requireFinished({ marker, path }: EpisodeFolder): void {
  if (lstatSync(marker, { throwIfNoEntry: false }) === undefined)
    throw new CisError('EPISODE_UNFINISHED', `${path} has no ${NAMES.marker}: its labels can not be corrected yet`);
}

/** A label that is not the episode's own may be a slip of the pen. */
function requireKnownLabel(label: string, { planned_phases: planned, config }: Meta): void {
  const classes = (config as { classes?: readonly string[] }).classes ?? [];
  const known = [...new Set([...LABELS, ...classes, ...planned.map((phase) => String(phase.label))])];
  if (!known.includes(label)) throw new CisError('LABEL_INVALID', `no label "${label}"; there are ${known.join(', ')}`);
}
