import { stringify } from 'lossless-json';

/**
 * What is not known to be a text, as one: a string as it is, the rest as JSON in one line, integers to the last digit.
 * Never throws, as `String()` does of an object whose `toString` is no function, which JSON may well hold.
 */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return stringify(value) ?? String(value);
  } catch {
    return `a value of type ${typeof value}`;
  }
}

/** The same; what is not there has none. */
export const toTextOrNull = (value: unknown): string | null =>
  value === undefined || value === null ? null : toText(value);
