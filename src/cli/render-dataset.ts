import type { AppliedFeatures } from '../core/dataset/apply-features.js';
import type { DatasetDocument, Table } from '../core/dataset/dataset-document.js';
import { table } from './table.js';

/** What `dataset build` prints with --json: dataset.json has all of it. */
export function buildDocument(path: string, document: DatasetDocument) {
  const { views, splits, classes, episodes, excluded_episodes, excluded_rows, aligned_rows, tables, warnings } =
    document;
  return {
    path,
    views,
    splits,
    classes,
    episodes: episodes.length,
    excluded_episodes,
    excluded_rows,
    aligned_rows,
    tables: tables.map((each) => ({ path: each.path, rows: rowsOf(each), columns: each.columns.length })),
    warnings,
  };
}

export function buildText(path: string, document: DatasetDocument): string {
  const { splits, classes, episodes, aligned_rows: aligned, tables, warnings } = document;
  const rows = splits.map((split) => [
    split,
    episodes.filter((episode) => episode.split === split).length,
    ...classes.map((label) => aligned[split]?.[label] ?? 0),
  ]);
  const made = tables.map((each) => [each.path, rowsOf(each), each.columns.length]);
  return [
    path,
    '',
    table(['aligned rows', 'episodes', ...classes], rows),
    table(['table', 'rows', 'columns'], made),
    ...leftOut(document),
    ...(warnings.length === 0 ? [] : ['', ...warnings.map((warning) => `! ${warning}`)]),
  ].join('\n');
}

function leftOut({ excluded_episodes: episodes, excluded_rows: rows }: DatasetDocument): string[] {
  if (episodes.length + rows.length === 0) return [];
  return [
    '',
    'Left out:',
    ...rows.map(({ label, reason, rows: count }) => `  ${count} aligned rows of ${label}: ${WORDS[reason]}`),
    ...episodes.map(({ path, why }) => `  ${path}: ${why}`),
  ];
}

const WORDS = {
  boundary: "too near to the label's begin or end",
  residual: 'after a malicious phase, without a restored state',
  no_class: 'nothing to train on',
  no_data: 'every feature is null',
};

const rowsOf = ({ files }: Table): number => files.reduce((sum, { rows }) => sum + rows, 0);

export function applyDocument({ path, episodes, excluded, rows, columns }: AppliedFeatures) {
  return { path, episodes, excluded_episodes: excluded, rows, features: columns };
}

export function applyText({ path, episodes, excluded, rows, columns }: AppliedFeatures): string {
  const made = Object.entries(rows).map(([name, count]) => `${count} rows of ${name}`);
  return [
    path,
    `${made.join(' and ')}, ${columns} features, of ${episodes} episodes`,
    ...excluded.map(({ path: from, why }) => `left out ${from}: ${why}`),
  ].join('\n');
}
