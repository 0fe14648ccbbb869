export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The smallest value that at least that share of the values does not exceed. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** The median of the quotients of each round: what slows a machine for a while slows both. */
export function medianRatio(ours, baseline) {
  return median(ours.map((value, i) => value / baseline[i]));
}

/**
 * Measures contestants in turns and resolves to the values of each by name. Every other round goes backwards, so that
 * nobody always runs behind the same neighbour.
 */
export async function interleave(rounds, contestants) {
  const values = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const order = Object.entries(contestants);
    if (round % 2 === 1) order.reverse();
    for (const [name, measure] of order) values[name].push(await measure(round));
  }
  return values;
}
