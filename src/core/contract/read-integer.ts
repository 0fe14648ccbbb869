const ZERO = 0x30;
/** 15 digits always fit a double exactly; more may not. */
const SAFE_DIGITS = 15;

/**
 * The unsigned decimal integer at `at`, straight from the bytes: no string, no split.
 * A number if it is certainly exact, else a bigint. Null if there is no digit. Spaces and tabs before it are skipped.
 */
export function readInteger(bytes: Uint8Array, at: number, end: number): number | bigint | null {
  let i = at;
  while (i < end && (bytes[i] === 0x20 || bytes[i] === 0x09)) i++;
  const first = i;
  let value = 0;
  for (; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) break; // also beyond the last byte
    value = value * 10 + digit;
  }
  if (i === first) return null;
  return i - first <= SAFE_DIGITS ? value : exact(String.fromCharCode(...bytes.subarray(first, i)));
}

/**
 * The unsigned decimal integer behind the first `label` in `text`, as in `integerAfter(meminfo, '\nMemFree:')`.
 * A number if it is exact, else a bigint. Null if the label or the digits are missing.
 */
export function integerAfter(text: string, label: string, from = 0): number | bigint | null {
  const start = text.indexOf(label, from);
  return start < 0 ? null : integerAt(text, start + label.length);
}

/** The unsigned decimal integer at `at` in `text`; spaces and tabs before it are skipped. */
export function integerAt(text: string, at: number): number | bigint | null {
  let i = at;
  let code = text.charCodeAt(i);
  while (code === 0x20 || code === 0x09) code = text.charCodeAt(++i);
  const first = i;
  let value = 0;
  for (; code >= ZERO && code <= 0x39; code = text.charCodeAt(++i)) value = value * 10 + (code - ZERO);
  if (i === first) return null;
  return i - first <= SAFE_DIGITS ? value : exact(text.slice(first, i));
}

/** `value * factor` without rounding. */
export function timesExactly(value: number | bigint, factor: number): number | bigint {
  const product = Number(value) * factor;
  return Number.isSafeInteger(product) ? product : BigInt(value) * BigInt(factor);
}

/** The sum without rounding; null if nothing was added. */
export function plusExactly(sum: number | bigint | null, value: number | bigint | null): number | bigint | null {
  if (value === null || sum === null) return sum ?? value;
  const total = Number(sum) + Number(value);
  return Number.isSafeInteger(total) && typeof sum === 'number' && typeof value === 'number'
    ? total
    : BigInt(sum) + BigInt(value);
}

function exact(digits: string): number | bigint {
  const value = BigInt(digits);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
