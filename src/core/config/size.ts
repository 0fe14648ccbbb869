const BYTES_PER_UNIT = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
const SIZE = /^(\d+(?:\.\d+)?)(KiB|MiB|GiB)$/;

/** Bytes of "512KiB", "256MiB" or "1.5GiB"; null if it is none of these, no whole number of bytes, or exceeds 2^53 - 1. */
export function parseSize(text: string): number | null {
  const match = SIZE.exec(text);
  if (!match) return null;
  const bytes = Number(match[1]) * BYTES_PER_UNIT[match[2] as keyof typeof BYTES_PER_UNIT];
  return Number.isSafeInteger(bytes) ? bytes : null;
}
