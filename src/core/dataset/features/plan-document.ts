import { CisError } from '../../errors/cis-error.js';
import type { View } from '../dataset-document.js';
import type { DatasetOptions } from '../dataset-options.js';
import { FEATURES_SCHEMA_VERSION, type FeatureDocument, type WindowStatistic } from '../feature-document.js';
import type { SourceSpec } from '../sources/source-spec.js';
import { featureSources, planFeatures } from './feature-plan.js';

const WINDOW_STATISTICS: readonly WindowStatistic[] = ['mean', 'std', 'min', 'max'];

/** The transform of a view, before its statistics are counted. Throws DATASET_NO_FEATURES. */
export function planDocument(specs: readonly SourceSpec[], view: View, options: DatasetOptions): FeatureDocument {
  const { gridNs, guardNs, maxAgeNs, windowNs, strideNs } = options;
  const features = planFeatures(specs, view);
  if (features.length === 0)
    throw new CisError('DATASET_NO_FEATURES', `no column of the ${view} view is one that a feature can be made of`);
  return {
    schema_version: FEATURES_SCHEMA_VERSION,
    view,
    grid_ns: gridNs,
    guard_ns: guardNs,
    window: windowNs === undefined ? null : { length: windowNs / gridNs, stride: (strideNs ?? windowNs) / gridNs },
    window_statistics: windowNs === undefined ? [] : WINDOW_STATISTICS,
    sources: featureSources(specs, view, { gridNs, maxAgeNs }),
    features,
  };
}
