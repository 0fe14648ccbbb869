import { parse, stringify } from 'lossless-json';

/** Prints a document, bigints as plain integers to the last digit; two spaces a level, ends in a line feed. */
export function printJson(document: unknown): string {
  return `${stringify(document, undefined, 2)}\n`;
}

/** Reads a document; an integer that a double would round becomes a bigint. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  return parse(text, undefined, (digits) => {
    const value = Number(digits);
    return Number.isSafeInteger(value) || /[.eE]/.test(digits) ? value : BigInt(digits);
  });
}
