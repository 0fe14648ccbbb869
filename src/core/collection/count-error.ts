import { MAX_CODE_CHARS } from './bounds.js';

/** Stands for the codes that are too many to be told apart. */
export const MANY_CODES = 'many_codes';
const MAX_CODES = 64;

/** Counts under a code; what a plugin throws may have as many of them, and as long ones, as it likes. */
export function countError(errors: Record<string, number>, code: string, count = 1): void {
  const given = code.slice(0, MAX_CODE_CHARS);
  const isNew = !Object.hasOwn(errors, given);
  const key = isNew && Object.keys(errors).length >= MAX_CODES ? MANY_CODES : given;
  errors[key] = (Object.hasOwn(errors, key) ? errors[key]! : 0) + count;
}
