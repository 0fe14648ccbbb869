/** Works on the items, so many at a time; the results in their order. Throws the first failure when no work is under way. */
export async function inParallel<T, R>(
  atOnce: number,
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length && failures.length === 0; index = next++) {
      await work(items[index]!, index).then(
        (result) => (results[index] = result),
        (error: unknown) => failures.push(error),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** How often each word occurs, as "3 trusted, 4 recovered". */
export function counts(words: readonly string[]): string {
  const found = new Map<string, number>();
  for (const word of [...words].sort()) found.set(word, (found.get(word) ?? 0) + 1);
  return [...found].map(([word, count]) => `${count} ${word}`).join(', ');
}
