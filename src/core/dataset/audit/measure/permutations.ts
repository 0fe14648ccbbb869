/** Of more holders the mean over fewer permutations is as exact. */
const MANY_HOLDERS = 200;
const PERMUTATIONS = 999;
const PERMUTATIONS_OF_MANY = 199;
const SEED = 490;

export function permutationCount(holders: number): number {
  return holders > MANY_HOLDERS ? PERMUTATIONS_OF_MANY : PERMUTATIONS;
}

/** Random orders of 0 to n - 1: the same ones on every machine. The array is reused. */
export function* permutations(n: number): Generator<Uint32Array> {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const next = mulberry32(SEED);
  for (let count = permutationCount(n); count > 0; count--) {
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(next() * (i + 1));
      const held = order[i]!;
      order[i] = order[j]!;
      order[j] = held;
    }
    yield order;
  }
}

/** Tommy Ettinger's generator of 32 bits, in the public domain: enough for a shuffle, and the same in any language. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
