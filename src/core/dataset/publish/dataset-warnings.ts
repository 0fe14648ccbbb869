import type { ExcludedEpisode } from '../dataset-document.js';
import type { Feature } from '../feature-document.js';
import type { SplitsDocument } from '../split/splits-document.js';
import type { WrittenView } from '../views/write-view.js';

/** Of the labelled rows, that may be left out without a word. */
const FEW = 0.2;

export interface WarningInput {
  readonly views: readonly WrittenView[];
  readonly splits: SplitsDocument;
  readonly excluded: readonly ExcludedEpisode[];
  readonly classes: readonly string[];
}

/** What a reader should know before training: a sentence each. */
export function warningsOf({ views, splits, excluded, classes }: WarningInput): string[] {
  return [
    ...(views.some(({ view }) => view !== 'deployable')
      ? [
          'The views oracle and all hold columns that no deployed device has: a model that learns from them fails there.',
        ]
      : []),
    ...(splits.splits.length === 1
      ? ['Nothing was split: all rows are for training, and nothing is left to test with.']
      : []),
    ...(classes.length === 1 ? [`There is one class, ${classes[0]}: nothing can be told apart.`] : []),
    ...splits.shared
      .filter(({ on_several_sides: count }) => count > 0)
      .map(
        ({ key, members, on_several_sides: count }) => `${count} of ${members} ${key} values stand in several splits.`,
      ),
    ...(excluded.length > 0 ? [`${excluded.length} episodes that were named are not in it.`] : []),
    ...views.flatMap(featureWarnings),
    ...views.slice(0, 1).flatMap(boundaryWarning),
  ];
}

function featureWarnings({ view, features: { features } }: WrittenView): string[] {
  const empty = features.filter(({ statistics }) => statistics!.nulls === statistics!.rows);
  const constant = features.filter(isConstant);
  return [
    ...(empty.length > 0 ? [`In the ${view} view ${count(empty, features)} features are null in all of train.`] : []),
    ...(constant.length > 0
      ? [`In the ${view} view ${count(constant, features)} features have one value in all of train.`]
      : []),
  ];
}

const count = (some: readonly Feature[], all: readonly Feature[]): string => `${some.length} of ${all.length}`;

const isConstant = ({ statistics }: Feature): boolean =>
  statistics!.min !== null && statistics!.min === statistics!.max;

function boundaryWarning({ excluded, aligned }: WrittenView): string[] {
  const lost = excluded.filter(({ reason }) => reason === 'boundary').reduce((sum, { rows }) => sum + rows, 0);
  const kept = Object.values(aligned)
    .flatMap(Object.values<number>)
    .reduce((sum, rows) => sum + rows, 0);
  const share = lost / (lost + kept);
  return share > FEW
    ? [`${Math.round(share * 100)} % of the labelled rows lie at a label's begin or end: a finer --grid keeps more.`]
    : [];
}
