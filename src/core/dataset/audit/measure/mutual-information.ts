import type { Association, Holder } from './holder.js';

/**
 * Mutual information of value and class over the entropy of the class: the share of what is uncertain about the class that
 * knowing the value removes. Every distinct value counts as a category of its own.
 */
export function mutualInformation(holders: readonly Holder<string>[]): Association {
  const classes = holders[0]?.labels.length ?? 0;
  const categories = new Map<string, number>();
  const entries = holders.flatMap(({ values }, holder) =>
    values.map(({ value, weight }) => {
      const category = categories.get(value) ?? categories.size;
      categories.set(value, category);
      return { holder, category, weight };
    }),
  );
  const joint = new Float64Array(categories.size * classes);
  return (order) => {
    joint.fill(0);
    for (const { holder, category, weight } of entries) {
      const { labels } = holders[order?.[holder] ?? holder]!;
      for (let label = 0; label < classes; label++) joint[category * classes + label]! += weight * labels[label]!;
    }
    return sharedInformation(joint, classes);
  };
}

/** Of a table of weights, by category and class. */
function sharedInformation(joint: Float64Array, classes: number): number {
  const byClass = new Float64Array(classes);
  const byCategory = new Float64Array(joint.length / Math.max(classes, 1));
  let all = 0;
  for (const [cell, weight] of joint.entries()) {
    byClass[cell % classes]! += weight;
    byCategory[Math.floor(cell / classes)]! += weight;
    all += weight;
  }
  const uncertainty = entropy(byClass, all);
  if (uncertainty === 0) return 0;
  const shared = uncertainty + entropy(byCategory, all) - entropy(joint, all);
  return Math.min(1, Math.max(0, shared / uncertainty));
}

function entropy(weights: Float64Array, all: number): number {
  let sum = 0;
  for (const weight of weights) if (weight > 0) sum -= (weight / all) * Math.log(weight / all);
  return sum;
}
