import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import type { Compression } from '../files/compression.js';
import { lockDescriptor } from '../files/folder-lock.js';
import { openRegular } from '../files/open-regular.js';
import { FILE_MODE } from '../files/permissions.js';
import { fsyncFolder } from '../files/replace-file.js';
import { jsonLine } from '../json/json-line.js';

const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants;
export const LEDGER = 'shipped.jsonl';
/** In a key: whatever its marker is. */
const ANY_MARKER = '';
/** Others have it for as long as it takes to flush a line. */
const LOCK_WAIT_S = 60;
const NEWLINE = 0x0a;
/** The longest line that is written, and more: behind the last line feed there can't be more of a torn one. */
const MAX_LINE = 1 << 16;

/** Where an episode went: what it was called with --to, the options, of which none is a secret, and what the destination adds. */
export interface Address {
  readonly to: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly address: string | null;
}

export interface LedgerLine extends Address {
  readonly id: string;
  /** When the destination had been verified, since the Unix epoch. */
  readonly shipped_realtime_ns: bigint;
  readonly marker_sha256: string;
  readonly compression: Compression | null;
  /** With the marker, as they lie there. */
  readonly files: number;
  readonly bytes: number;
}

/** shipped.jsonl in a folder of episodes: which of them have been verified where. It only grows, by whole lines. */
export class Ledger {
  readonly #path: string;
  readonly #validate: ValidateFunction;
  /** What tells an episode at an address. */
  readonly #keys = new Set<string>();
  /** Of the whole lines that were read. */
  #bytes = 0;
  /** One reads at a time. */
  #reading: Promise<void> = Promise.resolve();

  /** `validate`: for a line. */
  constructor(output: string, validate: ValidateFunction) {
    this.#path = join(output, LEDGER);
    this.#validate = validate;
  }

  /** Reads what was added since, by other runs too. Lines that are none are passed over: what they told is found out again. */
  refresh(): Promise<void> {
    this.#reading = this.#reading.catch(() => {}).then(() => this.#readOn());
    return this.#reading;
  }

  async #readOn(): Promise<void> {
    const size = lstatSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size < this.#bytes) this.#bytes = 0; // it was replaced by a shorter one
    if (size === this.#bytes) return;
    const { fd } = openRegular(this.#path);
    const added = createReadStream(this.#path, { fd, start: this.#bytes });
    let rest = '';
    for await (const chunk of added.setEncoding('latin1') as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.#take(line);
    }
  }

  #take(text: string): void {
    this.#bytes += text.length + 1;
    const line = this.#parse(text);
    if (line === null) return;
    this.#keys.add(keyOf(line, line.id, line.marker_sha256));
    this.#keys.add(keyOf(line, line.id, ANY_MARKER));
  }

  /** Whether an episode was noted for an address, with this marker or, without one, with any. */
  has(address: Address, id: string, markerSha256: string = ANY_MARKER): boolean {
    return this.#keys.has(keyOf(address, id, markerSha256));
  }

  #parse(text: string): LedgerLine | null {
    try {
      const line: unknown = JSON.parse(text);
      return this.#validate(line) ? (line as LedgerLine) : null;
    } catch {
      return null;
    }
  }

  /** Flushed to the disk when it returns. Throws the system's error; what was written of the line is cut off again then. */
  append(line: LedgerLine): void {
    const fd = openSync(this.#path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK, FILE_MODE);
    try {
      if (!fstatSync(fd).isFile())
        throw Object.assign(new Error(`${this.#path} is no regular file`), { code: 'ENXIO' });
      // no other run writes meanwhile: what is cut off can't be its line
      lockDescriptor(fd, this.#path, LOCK_WAIT_S);
      const bytes = Buffer.from(jsonLine({ ...line }));
      const before = cutTornLine(fd);
      writeLine(fd, bytes, before);
      fsyncSync(fd);
      this.#keys.add(keyOf(line, line.id, line.marker_sha256));
      if (before === 0) fsyncFolder(dirname(this.#path));
    } finally {
      closeSync(fd);
    }
  }
}

const keyOf = ({ to, options, address }: Address, id: string, markerSha256: string): string =>
  JSON.stringify([to, Object.entries(options).sort(), address, id, markerSha256]);

/** Throws the system's error, and leaves nothing of the line then. */
function writeLine(fd: number, bytes: Buffer, before: number): void {
  try {
    const written = writeSync(fd, bytes);
    if (written < bytes.length) throw Object.assign(new Error('a line was written in part'), { code: 'EIO' });
  } catch (error) {
    ftruncateSync(fd, before);
    throw error;
  }
}

/** What a crash has left behind the last line feed. Returns the size of the whole lines. */
function cutTornLine(fd: number): number {
  const { size } = fstatSync(fd);
  const tail = Buffer.alloc(Math.min(size, MAX_LINE));
  const length = readSync(fd, tail, 0, tail.length, size - tail.length);
  const torn = length - 1 - tail.subarray(0, length).lastIndexOf(NEWLINE);
  if (torn > 0) ftruncateSync(fd, size - torn);
  return size - torn;
}
