import { parse, stringify } from 'lossless-json';

/** Reads a document; integers that a double would round are bigints. */
export function parseExact(text) {
  return parse(text, undefined, (digits) => {
    const value = Number(digits);
    return Number.isSafeInteger(value) || /[.eE]/.test(digits) ? value : BigInt(digits);
  });
}

/** Prints it as the product does. */
export const printExact = (document) => `${stringify(document, undefined, 2)}\n`;
