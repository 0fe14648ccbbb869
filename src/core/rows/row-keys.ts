import { createHash } from 'node:crypto';
import type { Fields } from '../contract/fields.js';

/** Far more than any source has; who tells rows apart has to remember them all. */
const MAX_ROWS_OF_TICK = 100_000;
/** In characters: of a longer key its digest is remembered. */
const MAX_KEY = 64;

/** The keys of one tick's rows, in bounded memory. */
export class SeenKeys {
  #seen = new Set<string>();

  clear(): void {
    if (this.#seen.size > 0) this.#seen = new Set();
  }

  /** What is wrong with a row of this key, or null. */
  problemOf(key: string): 'twice' | 'too many' | null {
    if (this.#seen.has(short(key))) return 'twice';
    return this.#seen.size < MAX_ROWS_OF_TICK ? null : 'too many';
  }

  add(key: string): void {
    this.#seen.add(short(key));
  }
}

const short = (key: string): string =>
  key.length <= MAX_KEY ? key : createHash('sha256').update(key).digest('base64');

/** Tells the rows of one tick apart, by the fields that are marked `key`: a reader could not, where they are the same. */
export class RowKeys {
  readonly #names: readonly string[];
  readonly #seen = new SeenKeys();

  constructor(fields: Fields) {
    this.#names = Object.keys(fields).filter((name) => {
      const field = fields[name]!;
      return field.type !== 'array' && field.key === true;
    });
  }

  /** A tick begins. */
  begin(): void {
    this.#seen.clear();
  }

  /** Why this row can't be told from one before it in its tick; null if it can. */
  problemOf(row: unknown): string | null {
    const values = this.#names.map((name) => String((row as Readonly<Record<string, unknown>> | null)?.[name]));
    const key = values.join('\0');
    const problem = this.#seen.problemOf(key);
    if (problem === null) {
      this.#seen.add(key);
      return null;
    }
    if (problem === 'too many') return `a tick has more than ${MAX_ROWS_OF_TICK} rows`;
    return this.#names.length === 0
      ? 'several rows of one tick need a field with "key: true", which tells them apart'
      : `two rows of this tick have ${this.#names.join(', ')} ${values.join(', ')}`;
  }
}
