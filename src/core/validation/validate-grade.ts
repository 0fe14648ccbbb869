import { NAMES } from '../episode/episode-folder.js';
import { gradeEpisode } from '../episode/grade.js';
import type { Meta } from '../episode/meta.js';
import type { Grade } from '../grade/verdict.js';
import { failedActions, labelFigures, type RecordedLabel } from '../labels/label-figures.js';
import type { EpisodeReport } from './report.js';

const GRADES: readonly Grade[] = ['ok', 'degraded', 'invalid'];

/** The figures of the labels are those of labels.jsonl, and the grade is no better than all figures allow. */
export function checkGrade(meta: Meta, labels: readonly RecordedLabel[], report: EpisodeReport): void {
  if (meta.labels !== undefined) checkLabelFigures(meta, meta.labels, labels, report);
  const { grade, reasons } = gradeEpisode({ meta, failedActions: failedActions(labels) });
  if (GRADES.indexOf(meta.grade ?? 'invalid') < GRADES.indexOf(grade))
    report.add(NAMES.meta, `grade is "${meta.grade}"; the figures allow no better than "${grade}": ${reasons[0]}`);
}

function checkLabelFigures(
  { planned_phases, end_ns }: Meta,
  recorded: NonNullable<Meta['labels']>,
  labels: readonly RecordedLabel[],
  report: EpisodeReport,
): void {
  const figures = labelFigures(labels, planned_phases, Number(end_ns));
  for (const key of ['coverage', 'max_uncertainty_ns'] as const) {
    if (Number(recorded[key]) !== figures[key])
      report.add(NAMES.meta, `labels.${key} is ${recorded[key]}; labels.jsonl makes it ${figures[key]}`);
  }
}
