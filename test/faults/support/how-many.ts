/** How many cases there are; fewer are for who looks for one of them (`CIS490_FAULT_N`), and none of the counts that CI prints. */
export function howMany(all: number): number {
  const given = process.env.CIS490_FAULT_N;
  if (given === undefined) return all;
  const count = Number(given);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`CIS490_FAULT_N is "${given}": a count is wanted`);
  if (process.env.CI !== undefined && count < all) throw new Error(`CIS490_FAULT_N is ${count}; CI wants ${all}`);
  return count;
}
