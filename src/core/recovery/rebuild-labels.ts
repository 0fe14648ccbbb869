import type { ValidateFunction } from 'ajv';
import { LABELS } from '../config/config.js';
import type { ClosedPhase } from '../episode/meta.js';
import { jsonLine } from '../json/json-line.js';
import { effectiveLabels } from '../labels/effective-labels.js';
import { failedActions, type LabelFigures, labelFigures, type RecordedLabel } from '../labels/label-figures.js';
import { RowTimes } from '../validation/row-times.js';
import { leapsAlone } from './leap.js';

/** A seq that makes more rows gone than this, all together, is damage itself and no sign of them. */
const MAX_GONE = 1_000;

/** A phase as meta.json has it planned. Times in nanoseconds since the origin. */
interface PlannedPhaseFacts {
  readonly name: string;
  readonly label: string;
  readonly startNs: number;
  readonly endNs: number;
}

export interface RebuildLabelsOptions {
  /** labels.jsonl, as it was found; null if it was not. */
  readonly text: string | null;
  readonly planned: readonly PlannedPhaseFacts[];
  /** When phases began, as far as the events tell. */
  readonly phaseStarts: ReadonlyMap<string, number>;
  readonly originRealtimeNs: bigint;
  readonly endNs: number;
  readonly validate: ValidateFunction;
}

export interface RebuiltLabels {
  /** What labels.jsonl has to be. */
  readonly text: string;
  readonly phases: readonly ClosedPhase[];
  readonly isMissing: boolean;
  readonly tornBytes: number;
  readonly damagedLines: number;
  readonly damagedBytes: number;
  readonly failedActions: readonly string[];
  readonly figures: LabelFigures;
}

interface Row extends RecordedLabel {
  readonly seq: number;
  readonly t_mono_ns: number;
}

/**
 * The labels that can be vouched for. A row that is damaged may have been the beginning of anything: from the row before
 * it on the label is `unknown` until the next. So it is behind the planned end of the last phase that has a label: that
 * of the next one was not written, or did not reach the disk.
 */
export function rebuildLabels(options: RebuildLabelsOptions): RebuiltLabels {
  const lines = (options.text ?? '').split('\n');
  const torn = lines.pop() ?? '';
  const log = new LabelRows(options);
  let damagedLines = 0;
  let damagedBytes = 0;
  for (const [i, line] of lines.entries()) {
    if (log.take(line, lines[i + 1] ?? null)) continue;
    damagedLines++;
    damagedBytes += Buffer.byteLength(line) + 1;
  }
  log.closeGap(damagedLines > 0);
  log.closeEnd();
  return {
    text: log.text,
    phases: log.phases(),
    isMissing: options.text === null,
    tornBytes: Buffer.byteLength(torn),
    damagedLines,
    damagedBytes,
    failedActions: failedActions(log.rows),
    figures: labelFigures(log.rows, options.planned, options.endNs),
  };
}

class LabelRows {
  text = '';
  readonly rows: Row[] = [];
  readonly #o: RebuildLabelsOptions;
  readonly #times: RowTimes;
  readonly #known: ReadonlySet<string>;
  /** Lines since the last whole row were damaged. */
  #hasGap = false;
  /** Rows that stand in for those that are gone. */
  #gone = 0;

  constructor(options: RebuildLabelsOptions) {
    this.#o = options;
    this.#times = new RowTimes(options.originRealtimeNs);
    this.#known = new Set([...LABELS, ...options.planned.map(({ label }) => label)]);
  }

  /** Takes a line over if it is a row that the recorder wrote, behind those that are gone in front of it. */
  take(line: string, next: string | null): boolean {
    const row = leapsAlone(this.rows.length - 1, line, next) ? null : this.#parse(line);
    if (row === null) {
      this.#hasGap = true;
      return false;
    }
    this.#fillUpTo(row.seq);
    this.rows.push(row);
    this.text += `${line}\n`;
    this.#hasGap = false;
    return true;
  }

  #fillUpTo(seq: number): void {
    if (this.rows.length === seq) return;
    const last = this.#last;
    for (; this.rows.length < seq; this.#gone++) this.#unknown(last, 'a label that stood here was damaged');
  }

  /** Behind damaged lines at the end nothing tells what held. */
  closeGap(isDamaged: boolean): void {
    if (this.rows.length === 0) this.#unknown({ phase: this.#o.planned[0]!.name, at: 0 }, noLabel(isDamaged));
    else if (this.#hasGap) this.#unknown(this.#last, 'a label that stood here was damaged');
  }

  /** No phase has a label behind its planned end, and no phase that began is without. */
  closeEnd(): void {
    const { planned, phaseStarts, endNs } = this.#o;
    const index = planned.findIndex(({ name }) => name === this.#last.phase);
    const next = planned[index + 1];
    if (index < 0 || next === undefined) return;
    const begun = phaseStarts.get(next.name);
    const at = Math.max(this.#last.at, Math.min(planned[index]!.endNs, begun ?? Number.POSITIVE_INFINITY));
    if (begun === undefined && (at >= endNs || this.#last.label === 'unknown')) return;
    const phase = begun === undefined ? planned[index]!.name : next.name;
    this.#unknown({ phase, at }, 'no label was written behind the planned end of its phase');
  }

  phases(): ClosedPhase[] {
    const { planned, phaseStarts, endNs } = this.#o;
    const reached = planned.flatMap((phase, index) => {
      const first = this.rows.find((row) => row.phase === phase.name);
      if (first === undefined) return [];
      const start = index === 0 ? 0 : (phaseStarts.get(phase.name) ?? first.t_mono_ns);
      return [{ ...phase, start: Math.min(Math.max(0, start), endNs) }];
    });
    return reached.map(({ name, label, startNs, endNs: plannedEnd, start }, i) => ({
      name,
      label,
      planned_start_ns: startNs,
      planned_end_ns: plannedEnd,
      start_ns: BigInt(start),
      end_ns: BigInt(Math.max(start, reached[i + 1]?.start ?? endNs)),
    }));
  }

  get #last(): { readonly phase: string; readonly label: string; readonly at: number } {
    const last = effectiveLabels(this.rows).at(-1);
    const { phase, label, t_mono_ns: at } = last ?? { phase: this.#o.planned[0]!.name, label: 'unknown', t_mono_ns: 0 };
    return { phase, label, at };
  }

  #parse(line: string): Row | null {
    try {
      const row = JSON.parse(line) as Row;
      if (!this.#o.validate(row) || line.includes('\ufffd')) return null;
      const isManual = row.source === 'manual';
      const gone = row.seq - this.rows.length;
      const isPlanned = this.#o.planned.some(({ name }) => name === row.phase) && this.#known.has(row.label);
      const isFirst = this.rows.length === 0 && gone === 0;
      if (gone < 0 || this.#gone + gone > MAX_GONE || (!isManual && !isPlanned) || (isFirst && row.t_mono_ns > 0))
        return null;
      return this.#times.check(line, isManual) === null ? row : null;
    } catch {
      return null;
    }
  }

  #unknown({ phase, at }: { readonly phase: string; readonly at: number }, why: string): void {
    const row: Row = {
      seq: this.rows.length,
      t_mono_ns: at,
      phase,
      label: 'unknown',
      source: 'schedule',
      confirmed: null,
      why,
      uncertainty_ns: 0,
    };
    const { seq, t_mono_ns, ...rest } = row;
    const t_wall_ns = this.#o.originRealtimeNs + BigInt(at);
    this.rows.push(row);
    this.text += jsonLine({ seq, t_mono_ns, t_wall_ns, ...rest });
  }
}

const noLabel = (isDamaged: boolean): string =>
  isDamaged ? 'the labels were damaged' : 'the recorder died before it wrote a label';
