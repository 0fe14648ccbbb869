/** Numbers and bigints alike as bigint: which of the two a parser chose is its own affair. */
export function exactly(row: object | null): Record<string, bigint | null> {
  return Object.fromEntries(
    Object.entries(row ?? {}).map(([key, value]) => [key, value === null ? null : BigInt(value as number | bigint)]),
  );
}

export const U64_MAX = 2n ** 64n - 1n;
