import { Balance, type Fit, type Unit } from './balance.js';

/** So many assignments are looked at one by one: 11 units on three sides, 17 on two. */
const MOST = 200_000;
/** Assignments whose deviation is alike to a percentage point are equally good: among them the order of the units decides. */
const PERCENT = 100;

export function canSearchAll(units: number, splits: number): boolean {
  return splits ** units <= MOST;
}

/** The best of all assignments, as the split of each unit; of equally good ones the first, by the order of the units. */
export function searchAll(units: readonly Unit[], ratios: readonly number[]): number[] {
  const balance = new Balance(ratios, units[0]!.shares.length);
  const chosen: number[] = new Array(units.length).fill(0);
  let best: { readonly fit: Fit; readonly chosen: number[] } | null = null;
  const place = (index: number): void => {
    if (index === units.length) {
      const fit = rounded(balance.fit());
      if (best === null || isBetter(fit, best.fit)) best = { fit, chosen: [...chosen] };
      return;
    }
    for (let split = 0; split < ratios.length; split++) {
      balance.add(units[index]!, split);
      chosen[index] = split;
      place(index + 1);
      balance.remove(units[index]!, split);
    }
  };
  place(0);
  return best!.chosen;
}

function rounded({ missing, deviation }: Fit): Fit {
  return { missing, deviation: Math.round(deviation * PERCENT) };
}

function isBetter(a: Fit, b: Fit): boolean {
  return a.missing < b.missing || (a.missing === b.missing && a.deviation < b.deviation);
}
