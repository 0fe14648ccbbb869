import type { Association } from './holder.js';
import { permutationCount, permutations } from './permutations.js';

/** What is less is a rounding. */
const LEAST = 1e-9;

export interface Score {
  /** The association as it is. */
  readonly raw: number;
  /** What is left of it when that is taken off which chance gives: 0 is chance, 1 is certainty. */
  readonly corrected: number;
  /** How often chance gives as much. */
  readonly p: number;
}

/**
 * Holds an association against chance. Of few episodes any property tells the label: if each has a host of its own, the
 * host tells everything, and so it does with the labels dealt out anew. What dealing them out gives on average is what
 * chance gives.
 */
export function scoreOf(association: Association, holders: number): Score {
  const raw = association();
  let [sum, asMuch] = [0, 0];
  for (const order of permutations(holders)) {
    const dealt = association(order);
    sum += dealt;
    if (dealt >= raw - LEAST) asMuch++;
  }
  const count = permutationCount(holders);
  const chance = sum / count;
  const corrected = chance > 1 - LEAST ? 0 : Math.max(0, (raw - chance) / (1 - chance));
  return { raw, corrected, p: (asMuch + 1) / (count + 1) };
}
