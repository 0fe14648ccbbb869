import type { Fields } from '../contract/fields.js';

/** Tells the rows of one tick apart, by the fields that are marked `key`: a reader could not, where they are the same. */
export class RowKeys {
  readonly #names: readonly string[];
  readonly #seen = new Set<string>();

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
    if (!this.#seen.has(key)) {
      this.#seen.add(key);
      return null;
    }
    return this.#names.length === 0
      ? 'several rows of one tick need a field with "key: true", which tells them apart'
      : `two rows of this tick have ${this.#names.join(', ')} ${values.join(', ')}`;
  }
}
