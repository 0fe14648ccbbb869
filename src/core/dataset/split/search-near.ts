import { Balance, compareFits, type Unit } from './balance.js';
import { coverClasses } from './cover-classes.js';

/** An exchange of two is tried for each pair; of more units than that, moving single ones does as well. */
const MOST_FOR_EXCHANGES = 300;
/** What is less than that is no improvement: it may be a rounding. */
const LEAST_GAIN = 1e-9;

/**
 * A good assignment of many units: first each split gets each class, then the largest units go where they fit best, then
 * units are moved and exchanged as long as that helps. Of equally good steps the first is taken, by the order of the units.
 */
export function searchNear(units: readonly Unit[], ratios: readonly number[]): number[] {
  const placed = coverClasses(units, ratios.length) ?? units.map(() => null);
  const balance = new Balance(ratios, units[0]!.shares.length);
  for (const [i, split] of placed.entries()) if (split !== null) balance.add(units[i]!, split);
  for (const i of largestFirst(units)) {
    if (placed[i] !== null) continue;
    placed[i] = bestSplit(balance, units[i]!, ratios.length);
    balance.add(units[i]!, placed[i]!);
  }
  const chosen = placed as number[];
  while (move(units, chosen, balance, ratios.length) || exchange(units, chosen, balance));
  return chosen;
}

function largestFirst(units: readonly Unit[]): number[] {
  const sizes = units.map(({ shares }) => shares.reduce((a, b) => a + b, 0));
  return units.map((_, i) => i).sort((a, b) => sizes[b]! - sizes[a]! || a - b);
}

function bestSplit(balance: Balance, unit: Unit, splits: number): number {
  const fits = Array.from({ length: splits }, (_, split) => {
    balance.add(unit, split);
    const fit = balance.fit();
    balance.remove(unit, split);
    return { split, fit };
  });
  return fits.reduce((best, other) => (compareFits(other.fit, best.fit) < -LEAST_GAIN ? other : best)).split;
}

/** Moves each unit to where it does best. Returns whether any was. */
function move(units: readonly Unit[], chosen: number[], balance: Balance, splits: number): boolean {
  let hasMoved = false;
  for (const [i, unit] of units.entries()) {
    const before = balance.fit();
    balance.remove(unit, chosen[i]!);
    const split = bestSplit(balance, unit, splits);
    balance.add(unit, split);
    if (compareFits(balance.fit(), before) < -LEAST_GAIN) {
      chosen[i] = split;
      hasMoved = true;
      continue;
    }
    balance.remove(unit, split);
    balance.add(unit, chosen[i]!);
  }
  return hasMoved;
}

/** Lets two units change sides wherever that helps. Returns whether any did. */
function exchange(units: readonly Unit[], chosen: number[], balance: Balance): boolean {
  if (units.length > MOST_FOR_EXCHANGES) return false;
  let hasChanged = false;
  for (let a = 0; a < units.length; a++) {
    for (let b = a + 1; b < units.length; b++) {
      if (chosen[a] === chosen[b]) continue;
      const before = balance.fit();
      swap(units, chosen, balance, a, b);
      if (compareFits(balance.fit(), before) < -LEAST_GAIN) hasChanged = true;
      else swap(units, chosen, balance, a, b);
    }
  }
  return hasChanged;
}

function swap(units: readonly Unit[], chosen: number[], balance: Balance, a: number, b: number): void {
  balance.remove(units[a]!, chosen[a]!);
  balance.remove(units[b]!, chosen[b]!);
  [chosen[a], chosen[b]] = [chosen[b]!, chosen[a]!];
  balance.add(units[a]!, chosen[a]!);
  balance.add(units[b]!, chosen[b]!);
}
