import type { FeatureDocument } from '../../feature-document.js';
import type { Told } from '../audit-report.js';
import { judgeBest, notTold } from '../measure/judge.js';
import type { Observations } from '../observations.js';
import type { RowSample } from './sample-rows.js';

const LOAD = { name: 'load', title: 'plain load', against: 'label' as const };

/** Whether a share of CPU time tells the label by itself: then a model need not learn what is done, but only how much. */
export function checkLoad(
  { classes }: Observations,
  { sample, features, limit }: { sample: RowSample; features: FeatureDocument; limit: number },
): Told {
  const shares = features.features.filter(({ normalised_by }) => normalised_by === 'cpus').map(({ name }) => name);
  const held = shares.map((name) => [name, sample.holders(name)] as const).filter(([, holders]) => holders.length > 0);
  // dealt out together, so each has to have the same holders
  const most = Math.max(...held.map(([, holders]) => holders.length));
  const candidates = new Map(held.filter(([, holders]) => holders.length === most));
  const subject = { ...LOAD, limit, classes };
  if (candidates.size === 0)
    return notTold(subject, 'auc', 'Plain load is not told: no feature is a share of CPU time.');
  return judgeBest(subject, candidates);
}
