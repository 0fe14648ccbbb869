import { parse, stringify } from 'lossless-json';
import { escapeNonAscii } from './ascii-json.js';

/** What JSON may hold as it is, but a terminal acts on or does not show: C1 controls, marks of direction and of lines. */
const INVISIBLE = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Prints a document, bigints as plain integers to the last digit; two spaces a level, ends in a line feed. It can be
 * shown on a terminal, whatever the strings in it are.
 */
export function printJson(document: unknown): string {
  return `${stringify(document, undefined, 2)?.replace(INVISIBLE, escapeNonAscii)}\n`;
}

/** Reads a document; an integer that a double would round becomes a bigint. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  return parse(text, undefined, (digits) => {
    const value = Number(digits);
    return Number.isSafeInteger(value) || /[.eE]/.test(digits) ? value : BigInt(digits);
  });
}
