import { closeSync, constants, fsyncSync, ftruncateSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { openPlain } from '../files/open-regular.js';
import { FILE_MODE } from '../files/permissions.js';
import { fsyncFolder, replaceFile, unlinkIfThere } from '../files/replace-file.js';
import { type ScannedFile, scanLines } from '../validation/line-reader.js';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
/** What a decoder puts where bytes are no UTF-8; our encoder prints ASCII, so that no whole row has it. */
const REPLACEMENT = '\ufffd';
/** So much without a line feed is nothing that a recorder, or a power cut, leaves. */
const LONGEST_LINE = 256 * 1024 * 1024;
const FLUSH_CHARACTERS = 1 << 20;

/** Whether a line is one that the recorder wrote. Called once for each, in their order; `next` is the one behind it. */
export type LineTest = (line: string, next: string | null) => boolean;

export interface WholeLines {
  /** Lines that are kept, and their bytes with the line feeds. */
  readonly lines: number;
  readonly bytes: number;
  readonly damagedLines: number;
  readonly damagedBytes: number;
  /** Damaged lines that are whole records, and yet none that the recorder can have written into this file. */
  readonly foreignLines: number;
  /** Behind the last line feed. */
  readonly tornBytes: number;
  /** Of what is kept; null where lines have to be taken out before. */
  readonly sha256: string | null;
}

/** What of a file is whole; null if there is none. Reads it once, changes nothing. Throws EPISODE_DAMAGED. */
export function scanWholeLines(path: string, isWhole: LineTest): WholeLines | null {
  let [lines, bytes, foreignLines] = [0, 0, 0];
  try {
    const scanned = eachLine(path, isWhole, (line, isKept) => {
      if (!isKept) {
        if (isRecord(line)) foreignLines++;
        return;
      }
      lines++;
      bytes += Buffer.byteLength(line) + 1;
    });
    const damagedLines = scanned.lines - lines;
    return {
      lines,
      bytes,
      damagedLines,
      damagedBytes: scanned.bytes - scanned.tornBytes - bytes,
      foreignLines,
      tornBytes: scanned.tornBytes,
      sha256: damagedLines === 0 ? scanned.sha256OfLines : null,
    };
  } catch (error) {
    if (errorMessage(error) === 'does not exist') return null;
    throw new CisError('EPISODE_DAMAGED', `${path} ${errorMessage(error)}`, { cause: error });
  }
}

/**
 * Leaves in the file what is whole, as a scan has found it with an equal test, and puts `more` lines behind it. At any
 * moment the file is as it was or as it has to be, so that this may be killed, and done again.
 */
export function keepWholeLines(path: string, scan: WholeLines | null, isWhole: LineTest, more = ''): void {
  if (scan === null) replaceFile(path, more);
  else if (scan.damagedLines > 0 || more !== '') rewrite(path, isWhole, more);
  else if (scan.tornBytes > 0) cut(path, scan.bytes);
}

function eachLine(path: string, isWhole: LineTest, visit: (line: string, isKept: boolean) => void): ScannedFile {
  let held: string | null = null;
  const take = (next: string | null) => {
    if (held !== null) visit(held, !held.includes(REPLACEMENT) && isWhole(held, next));
    held = next;
  };
  const scanned = scanLines(path, { line: take, problem() {} }, LONGEST_LINE);
  take(null);
  return scanned;
}

function isRecord(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function cut(path: string, bytes: number): void {
  const fd = openPlain(path, O_WRONLY);
  try {
    ftruncateSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function rewrite(path: string, isWhole: LineTest, more: string): void {
  const temporary = `${path}.tmp`;
  unlinkIfThere(temporary);
  const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE);
  try {
    let pending = '';
    const flush = () => {
      const bytes = Buffer.from(pending);
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      pending = '';
    };
    eachLine(path, isWhole, (line, isKept) => {
      if (!isKept) return;
      pending += `${line}\n`;
      if (pending.length > FLUSH_CHARACTERS) flush();
    });
    pending += more;
    flush();
    fsyncSync(fd);
    renameSync(temporary, path);
  } catch (error) {
    unlinkIfThere(temporary);
    throw error;
  } finally {
    closeSync(fd);
  }
  fsyncFolder(dirname(path));
}
