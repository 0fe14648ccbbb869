import type { Grade } from '../grade/verdict.js';
import type { View } from './dataset-document.js';
import type { GroupKey } from './split/group-keys.js';
import type { Ratio } from './split/parse-ratios.js';
import type { SplitBy } from './split/splits-document.js';

/** What a data set is made with. Durations in nanoseconds. */
export interface DatasetOptions {
  readonly views: readonly View[];
  readonly minGrade: Grade;
  /** These sources alone; undefined: all that a view holds something of. */
  readonly sources: readonly string[] | undefined;
  /** Leaves out episodes that lack a source, instead of refusing them all. */
  readonly skipIncomplete: boolean;
  readonly gridNs: number;
  readonly guardNs: number;
  /** Undefined: the grid, or two intervals of the source. */
  readonly maxAgeNs: number | undefined;
  /** Multiples of the grid; undefined: no windows. */
  readonly windowNs: number | undefined;
  readonly strideNs: number | undefined;
  readonly keepResidual: boolean;
  readonly ratios: readonly Ratio[];
  readonly splitBy: SplitBy;
  readonly groupBy: readonly GroupKey[];
  readonly seed: number;
}

/** As dataset.json has them. */
export function optionsDocument(options: DatasetOptions): Record<string, unknown> {
  const { views, minGrade, sources, skipIncomplete, gridNs, guardNs, maxAgeNs, windowNs, strideNs } = options;
  const { keepResidual, ratios, splitBy, groupBy, seed } = options;
  return {
    views,
    min_grade: minGrade,
    sources: sources ?? null,
    skip_incomplete: skipIncomplete,
    grid_ns: gridNs,
    guard_ns: guardNs,
    max_age_ns: maxAgeNs ?? null,
    window_ns: windowNs ?? null,
    stride_ns: strideNs ?? null,
    keep_residual: keepResidual,
    split: Object.fromEntries(ratios.map(({ split, percent }) => [split, percent])),
    split_by: splitBy,
    group_by: groupBy,
    seed,
  };
}
