import type { DatasetDocument, DatasetEpisode, Table } from '../dataset-document.js';

/** Rows of the first view's aligned with a label, in a split. */
export const alignedRows = ({ aligned_rows }: DatasetDocument, split: string, label: string): number =>
  aligned_rows[split]?.[label] ?? 0;

export const rowsOf = ({ files }: Pick<Table, 'files'>): number => files.reduce((sum, { rows }) => sum + rows, 0);

export const bytesOf = ({ files }: Pick<Table, 'files'>): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** Rows of the first view's aligned; of a split alone if it is given. */
export function alignedTotal(document: DatasetDocument, split?: string): number {
  const splits = split === undefined ? document.splits : [split];
  const counts = splits.flatMap((name) => document.classes.map((label) => alignedRows(document, name, label)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Whose rows are counted, where there are several views: each has its own sources, and so its own look-back. */
export function ofFirstView({ views }: DatasetDocument): string {
  return views.length > 1 ? ` of the view ${views[0]}` : '';
}

export const episodesIn = ({ episodes }: DatasetDocument, split: string): readonly DatasetEpisode[] =>
  episodes.filter((episode) => episode.split === split);

/** When the last of its episodes had ended, in milliseconds since the Unix epoch; null without episodes. */
export function lastEndMs({ episodes }: DatasetDocument): number | null {
  const ends = episodes.map(({ start_realtime_ns, duration_ns }) => toMs(start_realtime_ns) + duration_ns / 1e6);
  return ends.length === 0 ? null : ends.reduce((latest, end) => Math.max(latest, end));
}

/** An instant of the wall clock, to the second, in UTC: "2026-01-31 23:59:59". */
export const utcText = (realtimeNs: bigint): string =>
  new Date(toMs(realtimeNs)).toISOString().slice(0, 19).replace('T', ' ');

const toMs = (ns: bigint): number => Number(BigInt(ns) / 1_000_000n);
