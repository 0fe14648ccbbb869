import { isAscii, isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { openRegular } from '../files/open-regular.js';

const CHUNK_BYTES = 1 << 20;
/** A longer line is no row of anything. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

export interface ScannedFile {
  readonly bytes: number;
  readonly lines: number;
  readonly sha256: string;
}

export interface LineVisitor {
  /** A whole line without its line feed; counted from 1. */
  line(text: string, number: number): void;
  /** What is wrong with the file's form. */
  problem(message: string, number: number | null): void;
}

/** Reads a file once, in bounded memory: hands out its lines and returns its digest. Throws with the reason in words. */
export function scanLines(path: string, visitor: LineVisitor): ScannedFile {
  const { fd } = openRegular(path);
  const hash = createHash('sha256');
  let [bytes, lines, kept] = [0, 0, 0];
  let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let isSkipping = false;
  try {
    for (;;) {
      if (kept === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
      const length = readSync(fd, buffer, kept, buffer.length - kept, null);
      if (length === 0) break;
      hash.update(buffer.subarray(kept, kept + length));
      bytes += length;
      const filled = kept + length;
      const end = buffer.lastIndexOf(NEWLINE, filled - 1) + 1;
      if (end > 0) {
        lines = visitLines(buffer.subarray(0, end), lines, visitor, isSkipping);
        isSkipping = false;
        buffer.copyWithin(0, end, filled);
      }
      kept = filled - end;
      if (kept >= MAX_LINE_BYTES) {
        if (!isSkipping) visitor.problem(`is longer than ${MAX_LINE_BYTES} bytes`, lines + 1);
        isSkipping = true;
        kept = 0;
      }
    }
    if (kept > 0) visitor.problem('the last line is torn: it does not end in a line feed', lines + 1);
    return { bytes, lines, sha256: hash.digest('hex') };
  } finally {
    closeSync(fd);
  }
}

/** Returns the number of lines so far. `isRest`: the first of them is the end of one that was too long. */
function visitLines(chunk: Buffer, before: number, visitor: LineVisitor, isRest: boolean): number {
  const isPlain = isAscii(chunk);
  if (!isPlain && !isUtf8(chunk)) visitor.problem('is not UTF-8', null);
  const text = isPlain ? chunk.toString('latin1') : chunk.toString('utf8');
  let number = before;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    number++;
    if (!(isRest && at === 0)) visitor.line(text.slice(at, end), number);
    at = end + 1;
  }
  return number;
}
