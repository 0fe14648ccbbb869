import type { WrittenReport } from '../core/report/write-report.js';

/** schemas/results/episode-report.schema.json */
export function reportDocument({ path, episode, id, grade, bytes, rows, charts }: WrittenReport) {
  return { path, episode, id, grade, bytes, rows, charts };
}

export function reportText({ path, grade, bytes, rows, charts }: WrittenReport): string {
  return `wrote ${path}: ${rows} rows in ${charts} charts, grade ${grade}, ${(bytes / 1e6).toFixed(2)} MB\n`;
}
