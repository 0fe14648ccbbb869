/** Numbers from -1 to 1, the same for a seed: a linear congruence (Numerical Recipes, 7.1). */
export function noise(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
