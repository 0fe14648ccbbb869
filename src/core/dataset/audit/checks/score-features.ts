import type { FeatureScore } from '../audit-report.js';
import { rounded } from '../in-words.js';
import { areaUnderCurve } from '../measure/area-under-curve.js';
import type { Observations } from '../observations.js';
import type { RowSample } from './sample-rows.js';

/** Behaviour is noisy: a single number that all but settles the label is rather a trace of how it was recorded. */
const TOO_GOOD = 0.99;

/** How well each feature tells the label by its bare value, the best first. It judges nothing: a good feature may be one. */
export function scoreFeatures({ classes }: Observations, sample: RowSample, names: readonly string[]): FeatureScore[] {
  return names
    .map((name): FeatureScore => {
      const holders = sample.holders(name);
      const rows = holders.reduce((sum, { values }) => sum + values.length, 0);
      const distinct = new Set(holders.flatMap(({ values }) => values.map(({ value }) => value))).size;
      const seen = new Set(holders.map(({ labels }) => labels.indexOf(1))).size;
      if (distinct < 2 || seen < 2) return { name, auc: null, label: null, rows, is_too_good: false };
      const { auc, label } = areaUnderCurve(holders)();
      return { name, auc: rounded(auc), label: classes[label]!, rows, is_too_good: auc >= TOO_GOOD };
    })
    .sort((a, b) => (b.auc ?? 0) - (a.auc ?? 0) || (a.name < b.name ? -1 : 1));
}
