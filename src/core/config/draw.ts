import { createHash } from 'node:crypto';

/**
 * Draws that anyone can repeat, in any language and for ever: for a seed and the name of what is drawn, `x` is the first
 * 6 bytes, big-endian, of SHA-256("cis490:<seed>:<what>"). A draw knows no other draw, so that adding one changes none.
 * docs/data-model.md states the same; a change here would make old seeds worthless.
 */
const BITS = 48n;

/** An integer from `min` to `max`, both included: min + floor(x * (max - min + 1) / 2^48), in integers. */
export function drawInteger(seed: number, what: string, min: number, max: number): number {
  const count = BigInt(max) - BigInt(min) + 1n;
  return min + Number((x(seed, what) * count) >> BITS);
}

/** The items in a drawn order: sorted by the x of "order:<name>". Their order here matters for equal x alone. */
export function drawOrder<T extends { readonly name: string }>(seed: number, items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ item, key: Number(x(seed, `order:${item.name}`)) }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

function x(seed: number, what: string): bigint {
  const digest = createHash('sha256').update(`cis490:${seed}:${what}`).digest();
  return BigInt(digest.readUIntBE(0, 6));
}
