import { compareFits, type Fit, type Unit } from './balance.js';

interface Cut extends Fit {
  /** Where the last split begins. */
  readonly begin: number;
}

/**
 * Cuts units that are in the order of time; returns the split of each. Earlier ones train, later ones test. Of the cuts
 * that leave no split without a unit, and as few as can be without a class, those are taken that lie nearest to the ratios
 * by `weights`: each unit's share of all there is. `ratios` add up to 1.
 */
export function cutByTime(units: readonly Unit[], weights: readonly number[], ratios: readonly number[]): number[] {
  const costOf = costs(units, weights);
  /** By how many units the splits so far have taken. */
  let best: (Cut | null)[] = [{ missing: 0, deviation: 0, begin: 0 }, ...units.map(() => null)];
  const begins: number[][] = [];
  for (const ratio of ratios) {
    const former = best;
    best = former.map((_, end) => lastCut(former, end, (begin) => costOf(begin, end, ratio)));
    begins.push(best.map((cut) => cut?.begin ?? 0));
  }
  return placesOf(begins, units.length);
}

function lastCut(former: readonly (Cut | null)[], end: number, costOf: (begin: number) => Fit): Cut | null {
  let best: Cut | null = null;
  for (let begin = 0; begin < end; begin++) {
    const before = former[begin]!;
    if (before === null) continue;
    const { missing, deviation } = costOf(begin);
    const cut = { missing: before.missing + missing, deviation: before.deviation + deviation, begin };
    if (best === null || compareFits(cut, best) < 0) best = cut;
  }
  return best;
}

/** What it costs that a split has the units from `begin` to before `end`. */
function costs(units: readonly Unit[], weights: readonly number[]) {
  const sums = [0];
  for (const weight of weights) sums.push(sums.at(-1)! + weight);
  const labels = units[0]!.shares.map((_, label) => label);
  /** By class: of each unit, which is the next one that has it. */
  const next = labels.map((label) => nextWith(units, label));
  return (begin: number, end: number, ratio: number): Fit => ({
    missing: labels.filter((label) => next[label]![begin]! >= end).length,
    deviation: Math.abs(sums[end]! - sums[begin]! - ratio),
  });
}

function nextWith(units: readonly Unit[], label: number): number[] {
  const next: number[] = new Array(units.length).fill(Number.POSITIVE_INFINITY);
  for (let i = units.length - 1; i >= 0; i--) next[i] = units[i]!.shares[label]! > 0 ? i : (next[i + 1] ?? next[i]!);
  return next;
}

/** Back from the last split's end to the first one's begin. */
function placesOf(begins: readonly (readonly number[])[], count: number): number[] {
  const places: number[] = new Array(count).fill(0);
  let end = count;
  for (let split = begins.length - 1; split >= 0; split--) {
    const begin = begins[split]![end]!;
    places.fill(split, begin, end);
    end = begin;
  }
  return places;
}
