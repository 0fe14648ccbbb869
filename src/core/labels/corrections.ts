import { CisError } from '../errors/cis-error.js';
import { effectiveLabels } from './effective-labels.js';

/** A row of labels.jsonl as it was read. Times in nanoseconds since the origin. */
export interface StoredLabel {
  readonly seq: number;
  readonly t_mono_ns: number;
  readonly phase: string;
  readonly label: string;
  readonly uncertainty_ns: number;
  readonly technique?: string;
  readonly revises?: number;
}

/** What a person says afterwards. */
export interface CorrectionRequest {
  /** The seq of the row that was wrong; or the stretch that was. */
  readonly what: { readonly revises: number } | { readonly fromNs: number; readonly untilNs: number | null };
  readonly label: string;
  readonly technique: string | null;
  /** Null: that of the row which is revised. */
  readonly uncertaintyNs: number | null;
  readonly by: string;
  readonly why: string;
}

/** A row to append, but for its seq and its wall time. */
export interface Correction {
  readonly t_mono_ns: number;
  readonly phase: string;
  readonly label: string;
  readonly source: 'manual';
  readonly uncertainty_ns: number;
  readonly technique?: string;
  readonly confirmed: null;
  readonly revises?: number;
  readonly by: string;
  readonly why: string;
}

/**
 * The rows that make labels.jsonl say what was asked for: nothing in it is edited. A stretch takes over every label that
 * begins in it, and where it ends what held there holds again. Throws LABEL_INVALID.
 */
export function corrections(rows: readonly StoredLabel[], request: CorrectionRequest, endNs: number): Correction[] {
  const { what } = request;
  return 'revises' in what
    ? [revision(rows, what.revises, request)]
    : stretch(effectiveLabels(rows), what.fromNs, what.untilNs, request, endNs);
}

function revision(rows: readonly StoredLabel[], seq: number, request: CorrectionRequest): Correction {
  const row = rows[seq];
  if (row === undefined)
    throw new CisError('LABEL_INVALID', `there is no label with seq ${seq}; there are 0 to ${rows.length - 1}`);
  const later = rows.find(({ revises }) => revises === seq);
  if (later !== undefined)
    throw new CisError('LABEL_INVALID', `label ${seq} was revised already, by ${later.seq}: revise that one`);
  return corrected(row, row.t_mono_ns, request, row.uncertainty_ns, row.seq);
}

function stretch(
  labels: readonly StoredLabel[],
  fromNs: number,
  untilNs: number | null,
  request: CorrectionRequest,
  endNs: number,
): Correction[] {
  const seconds = (ns: number) => `${ns / 1e9} s`;
  if (fromNs < 0 || fromNs >= endNs || (untilNs !== null && (untilNs <= fromNs || untilNs > endNs)))
    throw new CisError(
      'LABEL_INVALID',
      `${seconds(fromNs)}${untilNs === null ? '' : ` to ${seconds(untilNs)}`} is no stretch of an episode of ${seconds(endNs)}`,
    );
  const holding = (at: number) => labels.filter(({ t_mono_ns: begin }) => begin <= at).at(-1) ?? labels[0]!;
  const { uncertaintyNs } = request;
  if (uncertaintyNs === null)
    throw new CisError('LABEL_INVALID', 'how far the times may be off has to be stated: --uncertainty 100ms, for one');
  const until = untilNs ?? labels.find(({ t_mono_ns: begin }) => begin > fromNs)?.t_mono_ns ?? endNs;
  const within = labels.filter(({ t_mono_ns: begin }) => begin >= fromNs && begin < until);
  const first = within[0]?.t_mono_ns === fromNs ? [] : [corrected(holding(fromNs), fromNs, request, uncertaintyNs)];
  const taken = within.map((row) => corrected(row, row.t_mono_ns, request, uncertaintyNs, row.seq));
  const isBoundary = until >= endNs || labels.some(({ t_mono_ns: begin }) => begin === until);
  return [...first, ...taken, ...(isBoundary ? [] : [restored(holding(until), until, request, uncertaintyNs)])];
}

function corrected(
  { phase }: StoredLabel,
  at: number,
  { label, technique, uncertaintyNs, by, why }: CorrectionRequest,
  formerUncertainty: number,
  revises?: number,
): Correction {
  return {
    t_mono_ns: at,
    phase,
    label,
    source: 'manual',
    uncertainty_ns: uncertaintyNs ?? formerUncertainty,
    ...(technique !== null && { technique }),
    confirmed: null,
    ...(revises !== undefined && { revises }),
    by,
    why,
  };
}

/** What held before the stretch began to be corrected holds again behind it. */
function restored(
  { phase, label, technique }: StoredLabel,
  at: number,
  { by, why }: CorrectionRequest,
  uncertaintyNs: number,
): Correction {
  return {
    t_mono_ns: at,
    phase,
    label,
    source: 'manual',
    uncertainty_ns: uncertaintyNs,
    ...(technique !== undefined && { technique }),
    confirmed: null,
    by,
    why,
  };
}
