/** More is no configuration, but what aliases of aliases stand for: ten in each of nine lists are a thousand million. */
const MAX_VALUES = 100_000;
/** As deep as the YAML reader goes itself; with aliases a value may lie in itself. */
const MAX_DEPTH = 100;

/**
 * What YAML has read, as JSON has it: dates are their text, aliases copies. Throws in words where there is no end of
 * them.
 */
export function plainData(document: unknown): unknown {
  let count = 0;
  const plain = (value: unknown, depth: number): unknown => {
    if (++count > MAX_VALUES) throw new Error(`it has more than ${MAX_VALUES} values, with what its aliases stand for`);
    if (depth > MAX_DEPTH) throw new Error(`it is nested more than ${MAX_DEPTH} deep, or an alias stands for itself`);
    if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '');
    if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, depth + 1)]));
  };
  return plain(document, 0);
}
