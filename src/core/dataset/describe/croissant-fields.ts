import type { Column, Table } from '../dataset-document.js';
import { type ColumnShape, columnShape, type ScalarKind } from './column-shape.js';
import { tableId } from './table-id.js';

const DATA_TYPES: Readonly<Record<ScalarKind, string>> = {
  integer: 'sc:Integer',
  number: 'sc:Float',
  boolean: 'sc:Boolean',
  string: 'sc:Text',
};

/** The fields of a table's RecordSet: its columns, and the split, which is in the path of each file. */
export function croissantFields(table: Table, splits: readonly string[], fileSet: string): object[] {
  const id = tableId(table);
  const columns = table.columns.map((column) => field(column, id, fileSet));
  return [...columns, splitField(id, splits, fileSet)];
}

function field(column: Column, recordSet: string, fileSet: string): object {
  const id = `${recordSet}/${column.name}`;
  const source = { fileSet: { '@id': fileSet }, extract: { column: column.name } };
  const shape = columnShape(column.type);
  const common = { '@type': 'cr:Field', '@id': id, name: column.name, description: withUnit(column) };
  const repeated = shape.isList ? { repeated: true } : {};
  return shape.kind === 'record'
    ? { ...common, ...repeated, subField: subFields(shape, id, source) }
    : { ...common, dataType: dataType(shape.kind, column), ...repeated, source };
}

function subFields({ members }: ColumnShape, id: string, source: object): object[] {
  return members.map(({ name, kind }) => ({
    '@type': 'cr:Field',
    '@id': `${id}/${name}`,
    name,
    dataType: DATA_TYPES[kind],
    source: { ...source, transform: { jsonPath: name } },
  }));
}

const dataType = (kind: ScalarKind, { role }: Column): string | string[] =>
  role === 'label' ? [DATA_TYPES[kind], 'cr:Label'] : DATA_TYPES[kind];

/** Croissant 1.0 has no place for a unit. */
const withUnit = ({ description, unit }: Column): string =>
  unit === null ? description : `${description} Unit: ${unit}.`;

function splitField(recordSet: string, splits: readonly string[], fileSet: string): object {
  return {
    '@type': 'cr:Field',
    '@id': `${recordSet}/split`,
    name: 'split',
    description: 'The split, from the path of the file.',
    dataType: 'sc:Text',
    source: {
      fileSet: { '@id': fileSet },
      extract: { fileProperty: 'fullpath' },
      transform: { regex: `^(?:.*/)?split=(${splits.join('|')})/[^/]+$` },
    },
    references: { field: { '@id': 'splits/name' } },
  };
}
