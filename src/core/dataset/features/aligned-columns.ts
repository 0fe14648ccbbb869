import type { Column } from '../dataset-document.js';
import type { Feature, FeatureDocument, WindowStatistic } from '../feature-document.js';
import { EPISODE_ID } from '../tables/row-columns.js';
import { ageOf } from './align-episodes.js';

const column = (
  name: string,
  type: string,
  role: Column['role'],
  unit: string | null,
  description: string,
): Column => ({
  name,
  type,
  role,
  unit,
  description,
  available_in_deployment: null,
});

const PLACE: readonly Column[] = [
  EPISODE_ID,
  column('step', 'BIGINT', 'key', '1', 'The position k on the grid: the row stands at k times the grid.'),
  column(
    'segment',
    'BIGINT',
    'key',
    '1',
    'Rows of one segment follow one another without a gap, a new epoch or another label between them; null within these.',
  ),
];

const TIMES: readonly Column[] = [
  column('t_mono_ns', 'BIGINT', 'time', 'ns', "Since the episode's origin."),
  column('t_wall_ns', 'BIGINT', 'time', 'ns', 'Since the Unix epoch.'),
  column('lookback_ns', 'BIGINT', 'time', 'ns', 'From the first sample that the row is made of to the row.'),
];

const LABELS: readonly Column[] = [
  column('label', 'VARCHAR', 'label', null, 'What held over the whole look-back and its guard band.'),
  column('phase', 'VARCHAR', 'label', null, 'The phase at the time of the row.'),
  column('technique', 'VARCHAR', 'label', null, 'Its MITRE ATT&CK technique.'),
];

/** The columns in front of the features, in `aligned`. */
function placeColumns({ sources }: FeatureDocument, groups: readonly Column[]): Column[] {
  const ages = sources.map(({ source }) =>
    column(ageOf(source), 'BIGINT', 'time', 'ns', `From the last sample of ${source} to the row.`),
  );
  return [...PLACE, ...TIMES, ...ages, ...LABELS, ...groups];
}

export function alignedColumns(document: FeatureDocument, groups: readonly Column[]): Column[] {
  return [...placeColumns(document, groups), ...document.features.map((feature) => featureColumn(feature, null))];
}

export function windowColumns(document: FeatureDocument, groups: readonly Column[]): Column[] {
  return [
    ...PLACE,
    ...TIMES,
    ...LABELS,
    ...groups,
    ...document.features.flatMap((feature) =>
      document.window_statistics.map((statistic) => featureColumn(feature, statistic)),
    ),
  ];
}

export const windowColumn = (name: string, statistic: WindowStatistic): string => `${name}__${statistic}`;

const OF_WINDOW: Readonly<Record<WindowStatistic, string>> = {
  mean: 'Mean over the window',
  std: 'Standard deviation over the window',
  min: 'Least of the window',
  max: 'Largest of the window',
};

function featureColumn(feature: Feature, statistic: WindowStatistic | null): Column {
  return {
    name: statistic === null ? feature.name : windowColumn(feature.name, statistic),
    type: 'DOUBLE',
    role: 'feature',
    unit: feature.unit,
    description: statistic === null ? feature.description : `${OF_WINDOW[statistic]}. ${feature.description}`,
    available_in_deployment: feature.available_in_deployment,
  };
}
