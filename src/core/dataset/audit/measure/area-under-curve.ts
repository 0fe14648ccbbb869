import type { Association, Holder } from './holder.js';

interface Sorted {
  /** By value. */
  readonly entries: readonly { readonly holder: number; readonly value: number; readonly weight: number }[];
  /** By holder, then class. */
  readonly labels: readonly (readonly number[])[];
  /** By holder: of all its classes. */
  readonly weights: readonly number[];
}

export interface Areas {
  /** Of the class that is told best; 0.5 (not at all) to 1, whichever direction the value tells it in. */
  readonly auc: number;
  /** The index of that class. */
  readonly label: number;
}

/**
 * The area under the ROC curve of the bare value, each class against all others: of two values, one of the class and one
 * not, how often the larger one (or the smaller one, if that does better) is the one of the class.
 */
export function areaUnderCurve(holders: readonly Holder<number>[]): (order?: Uint32Array) => Areas {
  const classes = holders[0]?.labels.length ?? 0;
  const sorted: Sorted = {
    entries: holders
      .flatMap(({ values }, holder) => values.map(({ value, weight }) => ({ holder, value, weight })))
      .sort((a, b) => a.value - b.value),
    labels: holders.map(({ labels }) => labels),
    weights: holders.map(({ labels }) => labels.reduce((a, b) => a + b, 0)),
  };
  return (order) => {
    let best: Areas = { auc: 0.5, label: classes - 1 };
    // of two classes what tells one tells the other: the latter, as "malicious" comes behind "benign"
    for (let label = classes === 2 ? 1 : 0; label < classes; label++) {
      const auc = areaOf(sorted, label, order);
      const either = Math.max(auc, 1 - auc);
      if (either > best.auc) best = { auc: either, label };
    }
    return best;
  };
}

/** As an association, 0 to 1: Gini's coefficient. */
export function giniOf(holders: readonly Holder<number>[]): Association {
  const areas = areaUnderCurve(holders);
  return (order) => 2 * areas(order).auc - 1;
}

/** 0.5 where there is none of the class, or none but the class. */
function areaOf({ entries, labels, weights }: Sorted, label: number, order?: Uint32Array): number {
  let [inside, outside, area] = [0, 0, 0];
  for (let i = 0; i < entries.length; ) {
    const { value } = entries[i]!;
    let [tiedInside, tiedOutside] = [0, 0];
    for (; i < entries.length && entries[i]!.value === value; i++) {
      const { holder, weight } = entries[i]!;
      const dealt = order?.[holder] ?? holder;
      const has = labels[dealt]![label]!;
      tiedInside += weight * has;
      tiedOutside += weight * (weights[dealt]! - has);
    }
    area += tiedInside * (outside + tiedOutside / 2);
    inside += tiedInside;
    outside += tiedOutside;
  }
  return inside === 0 || outside === 0 ? 0.5 : area / (inside * outside);
}
