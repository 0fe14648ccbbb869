import type { Loss } from '../episode/meta.js';

/** What a scan found that can't be kept; null where the file is not there. */
export interface Scanned {
  readonly damagedLines: number;
  readonly damagedBytes: number;
  readonly tornBytes: number;
  /** Rows that are not there, as others tell; damaged ones are among them. */
  readonly goneRows?: number;
}

/** `wasWritten`: whether there has to be such a file. */
export function lossesOf(file: string, scan: Scanned | null, wasWritten: boolean): Loss[] {
  if (scan === null) return wasWritten ? [{ file, reason: 'missing', lines: null, bytes: null }] : [];
  const { damagedLines, damagedBytes, tornBytes, goneRows = 0 } = scan;
  const lines = Math.max(damagedLines, goneRows);
  return [
    ...(lines > 0 ? [{ file, reason: 'damaged', lines, bytes: damagedBytes } as const] : []),
    ...(tornBytes > 0 ? [{ file, reason: 'torn', lines: 1, bytes: tornBytes } as const] : []),
  ];
}

/** A recovery that was interrupted may have taken out already what it had found: that stays told, and is told once. */
export function mergeLosses(before: readonly Loss[], now: readonly Loss[]): Loss[] {
  const isTold = ({ file, reason }: Loss) => before.some((loss) => loss.file === file && loss.reason === reason);
  return [...before, ...now.filter((loss) => !isTold(loss))];
}

export function describeLoss({ file, reason, lines, bytes }: Loss): string {
  if (reason === 'missing') return `${file} was missing`;
  if (reason === 'torn') return `${file} lost its last line, which was torn (${bytes} bytes)`;
  return `${file} lost ${lines} damaged ${Number(lines) === 1 ? 'line' : 'lines'} (${bytes} bytes)`;
}
