import type { ErrorObject, ValidateFunction } from 'ajv';
import { LABELS } from '../config/config.js';
import { explainError } from '../config/explain-errors.js';
import { NAMES } from '../episode/episode-folder.js';
import type { Meta } from '../episode/meta.js';
import type { RecordedLabel } from '../labels/label-figures.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import type { LineVisitor } from './line-reader.js';
import type { EpisodeReport } from './report.js';
import { RowTimes } from './row-times.js';

interface Label extends RecordedLabel {
  readonly seq: number;
  readonly t_mono_ns: number;
  readonly revises?: number;
}

export interface LogCheck extends LineVisitor {
  finish(): void;
}

/** The check of labels.jsonl of the episode that this meta.json is of. */
export function labelsCheckOf(
  { clocks, phases, planned_phases: planned }: Meta,
  schemas: SchemaRegistry,
  report: EpisodeReport,
  labels: RecordedLabel[] = [],
): LogCheck {
  const times = new RowTimes(BigInt(clocks.origin_realtime_ns ?? 0));
  const known = new Set<string>([...LABELS, ...planned.map(({ label }) => String(label))]);
  const reached = phases.map(({ name }) => name);
  return labelsCheck(NAMES.labels, schemas.document('label'), times, known, reached, report, labels);
}

/** Checks labels.jsonl: each row, and that from the origin on there is always a label. `labels` takes the sound rows. */
export function labelsCheck(
  file: string,
  validate: ValidateFunction,
  times: RowTimes,
  knownLabels: ReadonlySet<string>,
  phases: readonly string[],
  report: EpisodeReport,
  labels: RecordedLabel[] = [],
): LogCheck {
  return {
    line(text, number) {
      const row = checkedRow<Label>(text, number, file, validate, report);
      if (row === null) return;
      // a correction comes later than what it corrects, whatever its time
      const problem = times.check(text, row.source === 'manual');
      if (problem !== null) report.add(file, problem, number);
      if (row.seq !== labels.length) report.add(file, `seq is ${row.seq}; it must be ${labels.length}`, number);
      if (row.revises !== undefined && row.revises >= row.seq)
        report.add(file, `revises ${row.revises}, which is no earlier row`, number);
      if (row.source !== 'manual' && !knownLabels.has(row.label))
        report.add(file, `label "${row.label}" is none of the episode's`, number);
      if (row.source !== 'manual' && !phases.includes(row.phase))
        report.add(file, `phase "${row.phase}" was never reached`, number);
      labels.push(row);
    },
    problem: (message, number) => report.add(file, message, number),
    finish() {
      for (const phase of phases)
        if (!labels.some((row) => row.phase === phase)) report.add(file, `phase "${phase}" has no label`);
      const revised = new Set(labels.map(({ revises }) => revises));
      const first = labels
        .filter(({ seq }) => !revised.has(seq))
        .reduce((least, { t_mono_ns: at }) => Math.min(least, Number(at)), Number.POSITIVE_INFINITY);
      if (!(first <= 0))
        report.add(
          file,
          labels.length === 0
            ? 'has no labels'
            : `the first label begins ${first} ns after the origin: before it there is none`,
        );
    },
  };
}

/** Checks events.jsonl. */
export function eventsCheck(
  file: string,
  validate: ValidateFunction,
  times: RowTimes,
  report: EpisodeReport,
): LogCheck {
  let last: string | undefined;
  return {
    line(text, number) {
      const row = checkedRow<{ event: string }>(text, number, file, validate, report);
      if (row === null) return;
      const problem = times.check(text);
      if (problem !== null) report.add(file, problem, number);
      last = row.event;
    },
    problem: (message, number) => report.add(file, message, number),
    finish() {
      if (last !== 'episode_ended') report.add(file, 'does not end with episode_ended');
    },
  };
}

function checkedRow<T>(
  text: string,
  number: number,
  file: string,
  validate: ValidateFunction,
  report: EpisodeReport,
): T | null {
  try {
    const row = JSON.parse(text) as T;
    if (validate(row)) return row;
    report.add(file, explainError((validate.errors as ErrorObject[])[0]!, ''), number);
  } catch {
    report.add(file, 'is no JSON', number);
  }
  return null;
}
