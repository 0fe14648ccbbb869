import { formatDuration } from '../../time/duration.js';
import type { Column, View } from '../dataset-document.js';
import type { FeatureDocument } from '../feature-document.js';
import { alignedColumns, windowColumns } from '../features/aligned-columns.js';
import type { TablePlan } from '../publish/table-files.js';
import type { SourceSpec } from '../sources/source-spec.js';
import { isInView } from '../sources/visible-fields.js';
import { EPISODE_COLUMNS } from '../tables/episode-columns.js';
import { rowColumns } from '../tables/row-columns.js';

/** What tells groups of episodes apart, in each table of features. */
export const GROUP_COLUMNS: readonly Column[] = EPISODE_COLUMNS.map(({ column }) => column).filter(
  ({ role }) => role === 'group',
);

export interface ViewTables {
  readonly rows: readonly (TablePlan & { readonly source: SourceSpec })[];
  readonly aligned: TablePlan;
  readonly windows: TablePlan | null;
}

export function viewTables(view: View, specs: readonly SourceSpec[], document: FeatureDocument): ViewTables {
  const grid = formatDuration(document.grid_ns);
  return {
    rows: specs
      .filter((source) => isInView(source, view))
      .map((source) => ({
        name: source.source,
        kind: 'rows',
        view,
        path: `${view}/rows/${source.source}`,
        description: `The rows of ${source.source} as they were recorded.`,
        columns: rowColumns(source, view),
        source,
      })),
    aligned: {
      name: 'aligned',
      kind: 'aligned',
      view,
      path: `${view}/aligned`,
      description: `All sources on a grid of ${grid}: rates and levels, under labels that hold. What to train on.`,
      columns: alignedColumns(document, GROUP_COLUMNS),
    },
    windows: document.window === null ? null : windowTable(view, document, document.window),
  };
}

function windowTable(
  view: View,
  document: FeatureDocument,
  { length, stride }: { length: number; stride: number },
): TablePlan {
  const of = formatDuration(document.grid_ns * length);
  const every = formatDuration(document.grid_ns * stride);
  return {
    name: 'windows',
    kind: 'windows',
    view,
    path: `${view}/windows`,
    description: `Statistics over ${of} of aligned, every ${every}; none crosses a label, a gap or an epoch.`,
    columns: windowColumns(document, GROUP_COLUMNS),
  };
}
