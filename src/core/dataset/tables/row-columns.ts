import type { RecordedColumn } from '../../reading/recorded-episode.js';
import type { Column, Role, View } from '../dataset-document.js';
import type { SourceSpec } from '../sources/source-spec.js';
import { visibleFields } from '../sources/visible-fields.js';
import { columnType } from './column-types.js';

const HOST_ROLES: Readonly<Record<string, Role>> = {
  t_mono_ns: 'time',
  t_wall_ns: 'time',
  tick: 'key',
  epoch: 'key',
  seq: 'key',
};

export const EPISODE_ID: Column = {
  name: 'episode_id',
  type: 'VARCHAR',
  role: 'key',
  unit: null,
  description: 'The episode that the row is of.',
  available_in_deployment: null,
};

/** The columns of a table of rows: every row is a raw one, so levels alone are features. */
export function rowColumns(source: SourceSpec, view: View): Column[] {
  const { row, isDeployable } = source;
  return [
    EPISODE_ID,
    ...row.host.map((field) => column(field, HOST_ROLES[field.name] ?? 'provenance', null)),
    ...visibleFields(source, view).map((field) =>
      column(field, roleOf(field), isDeployable && field.availableInDeployment),
    ),
  ];
}

function column(field: RecordedColumn, role: Role, isAvailable: boolean | null): Column {
  const { name, unit, description } = field;
  return { name, type: columnType(field), role, unit, description, available_in_deployment: isAvailable };
}

/** A raw counter tells since when its machine runs; `info` tells which one it is. */
function roleOf({ kind, isKey }: RecordedColumn): Role {
  if (isKey) return 'key';
  return kind === 'gauge' || kind === 'state' || kind === 'delta' ? 'feature' : 'provenance';
}
