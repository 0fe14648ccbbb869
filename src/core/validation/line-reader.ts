import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { LineCutter, MAX_LINE_BYTES, textOf } from '../files/line-cutter.js';
import { openRegular } from '../files/open-regular.js';

const CHUNK_BYTES = 1 << 16;
const TORN = 'the last line is torn: it does not end in a line feed';

export interface ScannedFile {
  readonly bytes: number;
  readonly lines: number;
  readonly sha256: string;
  /** What is behind the last line feed, and the digest of what is in front of it. */
  readonly tornBytes: number;
  readonly sha256OfLines: string;
}

export interface LineVisitor {
  /** A whole line without its line feed; counted from 1. */
  line(text: string, number: number): void;
  /** What is wrong with the file's form. */
  problem(message: string, number: number | null): void;
}

/**
 * Reads a file once, in bounded memory: hands out its lines and returns its digest. Gives up where `longest` bytes have no
 * line feed: a hole may be as large as a disk is not. Throws with the reason in words.
 */
export function scanLines(path: string, visitor: LineVisitor, longest = Number.POSITIVE_INFINITY): ScannedFile {
  const { fd } = openRegular(path);
  const scan = new LineScan(visitor, longest);
  try {
    for (;;) {
      const length = readSync(fd, scan.room);
      if (length === 0) return scan.end();
      scan.take(length);
    }
  } finally {
    closeSync(fd);
  }
}

/** The same for content that comes in chunks. */
export async function scanChunks(content: AsyncIterable<Buffer>, visitor: LineVisitor): Promise<ScannedFile> {
  const scan = new LineScan(visitor, Number.POSITIVE_INFINITY);
  for await (const chunk of content) {
    for (let done = 0; done < chunk.length; ) {
      const length = chunk.copy(scan.room, 0, done);
      done += length;
      scan.take(length);
    }
  }
  return scan.end();
}

/** The scan of one file: put bytes into `room`, then `take` them; `end` after the last. */
class LineScan {
  readonly #cutter = new LineCutter();
  readonly #hash = createHash('sha256');
  readonly #visitor: LineVisitor;
  readonly #longest: number;
  /** The digest of the whole lines in front of one that is too long. */
  #beforeLong = this.#hash;
  #bytes = 0;
  #lines = 0;

  constructor(visitor: LineVisitor, longest: number) {
    this.#visitor = visitor;
    this.#longest = longest;
  }

  get room(): Buffer {
    return this.#cutter.room;
  }

  take(length: number): void {
    this.#bytes += length;
    for (const cut of this.#cutter.take(length)) {
      if (cut.kind === 'long' && cut.isFirst) {
        this.#visitor.problem(`is longer than ${MAX_LINE_BYTES} bytes`, this.#lines + 1);
        this.#beforeLong = this.#hash.copy();
      }
      this.#hash.update(cut.bytes);
      if (cut.kind === 'lines') this.#lines = visitLines(cut.bytes, this.#lines, this.#visitor, cut.isRest);
      else if (this.#cutter.rest.dropped > this.#longest)
        throw new Error(`has more than ${this.#longest} bytes without a line feed`);
    }
  }

  end(): ScannedFile {
    const { bytes: rest, dropped } = this.#cutter.rest;
    const tornBytes = rest.length + dropped;
    if (tornBytes > 0) this.#visitor.problem(TORN, this.#lines + 1);
    const sha256OfLines = (dropped > 0 ? this.#beforeLong : this.#hash).copy().digest('hex');
    const sha256 = this.#hash.update(rest).digest('hex');
    return { bytes: this.#bytes, lines: this.#lines, sha256, tornBytes, sha256OfLines };
  }
}

/** The digest of a file's first bytes, in bounded memory. Throws with the reason in words. */
export function hashStart(path: string, bytes: number): string {
  const { fd } = openRegular(path);
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    for (let left = bytes; left > 0; ) {
      const length = readSync(fd, buffer, 0, Math.min(left, buffer.length), null);
      if (length === 0) break;
      hash.update(buffer.subarray(0, length));
      left -= length;
    }
    return hash.digest('hex');
  } finally {
    closeSync(fd);
  }
}

/** Returns the number of lines so far. `isRest`: the first of them is the end of one that was too long. */
function visitLines(chunk: Buffer, before: number, visitor: LineVisitor, isRest: boolean): number {
  const { text, isUtf8 } = textOf(chunk);
  if (!isUtf8) visitor.problem('is not UTF-8', null);
  let number = before;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    number++;
    if (!(isRest && at === 0)) visitor.line(text.slice(at, end), number);
    at = end + 1;
  }
  return number;
}
