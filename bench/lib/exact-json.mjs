import { parse } from 'lossless-json';

/** Reads a document; integers that a double would round are bigints. */
export function parseExact(text) {
  return parse(text, undefined, (digits) => {
    const value = Number(digits);
    return Number.isSafeInteger(value) || /[.eE]/.test(digits) ? value : BigInt(digits);
  });
}
