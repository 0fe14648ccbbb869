import { closeSync, read } from 'node:fs';
import { promisify } from 'node:util';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { type Cut, LineCutter, MAX_LINE_BYTES, textOf } from '../files/line-cutter.js';
import { openRegular } from '../files/open-regular.js';

const readAsync = promisify(read);
/** Read at once; cut in smaller pieces, whose text is short-lived. */
const READ_BYTES = 1 << 20;

export interface ReadLinesOptions {
  readonly path: string;
  /** How a message names the file. */
  readonly name: string;
  /** Whether half a line at the end is none, as where a recorder is still writing. */
  readonly mayBeTorn: boolean;
  /** So many there must be; null where that is not known. */
  readonly expected: number | null;
}

/**
 * The lines of a file without their line feeds, some at a time; `first` is the number of the first, from 1. In constant
 * memory. The file is opened when the first is asked for, and closed at the end or when the reader leaves. Throws
 * EPISODE_DAMAGED.
 */
export async function* readLines(
  options: ReadLinesOptions,
): AsyncGenerator<{ readonly lines: readonly string[]; readonly first: number }, void, void> {
  const { mayBeTorn, expected } = options;
  const fd = openLog(options);
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    const cutter = new LineCutter();
    let count = 0;
    for (;;) {
      const { bytesRead } = await readAsync(fd, buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      for (let done = 0; done < bytesRead; ) {
        const length = buffer.copy(cutter.room, 0, done, bytesRead);
        done += length;
        for (const cut of cutter.take(length)) {
          const lines = linesOf(cut, count + 1, options);
          yield { lines, first: count + 1 };
          count += lines.length;
        }
      }
    }
    if (cutter.rest.bytes.length > 0 && !mayBeTorn) throw damaged(options, count + 1, 'is torn: it has no line feed');
    if (expected !== null && count !== expected)
      throw damaged(options, null, `has ${count} rows; done.marker says ${expected}`);
  } finally {
    closeSync(fd);
  }
}

/** The lines in what was cut, `first` being the number of the first. */
function linesOf(cut: Cut, first: number, options: ReadLinesOptions): string[] {
  if (cut.kind === 'long') throw damaged(options, first, `is longer than ${MAX_LINE_BYTES} bytes`);
  const { text, isUtf8 } = textOf(cut.bytes);
  if (!isUtf8) throw damaged(options, first, 'or a line soon after it is not UTF-8');
  const lines = text.split('\n');
  lines.pop(); // what is behind the last line feed
  return lines;
}

function openLog({ path, name }: ReadLinesOptions): number {
  try {
    return openRegular(path).fd;
  } catch (error) {
    throw damaged({ name }, null, errorMessage(error), error);
  }
}

/** What is wrong with a file of an episode, or with one line of it. */
export function damaged({ name }: { readonly name: string }, line: number | null, what: string, cause?: unknown) {
  return new CisError('EPISODE_DAMAGED', `${name}${line === null ? '' : `:${line}`} ${what}`, {
    cause,
    hint: 'Run "cis490 episode validate" on it: that tells every violation.',
  });
}
