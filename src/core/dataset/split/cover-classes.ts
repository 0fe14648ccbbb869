import type { Unit } from './balance.js';

/** Steps after which it is given up: classes that hinder one another so much are rare beyond belief. */
const MOST_STEPS = 100_000;

interface Need {
  readonly split: number;
  readonly label: number;
}

/**
 * Puts as few units as it takes so that each split has each class; the others stay null. Null if that can't be done. Every
 * way is tried, the rarest class first, so that a unit that has two rare classes is not spent on one.
 */
export function coverClasses(units: readonly Unit[], splits: number): (number | null)[] | null {
  const placed: (number | null)[] = units.map(() => null);
  const needs = needsOf(units, splits);
  let steps = 0;
  const meet = (index: number): boolean => {
    if (index === needs.length) return true;
    const { split, label } = needs[index]!;
    const has = (unit: Unit) => unit.shares[label]! > 0;
    if (units.some((unit, i) => placed[i] === split && has(unit))) return meet(index + 1);
    for (const [i, unit] of units.entries()) {
      if (placed[i] !== null || !has(unit) || ++steps > MOST_STEPS) continue;
      placed[i] = split;
      if (meet(index + 1)) return true;
      placed[i] = null;
    }
    return false;
  };
  return meet(0) ? placed : null;
}

function needsOf(units: readonly Unit[], splits: number): Need[] {
  const count = (label: number) => units.filter(({ shares }) => shares[label]! > 0).length;
  return units[0]!.shares
    .map((_, label) => label)
    .sort((a, b) => count(a) - count(b) || a - b)
    .flatMap((label) => Array.from({ length: splits }, (_, split) => ({ split, label })));
}
