export type ScalarKind = 'integer' | 'number' | 'boolean' | 'string';

/** A column's type, as a description needs it: one kind of value, or records of them; once, or a list. */
export interface ColumnShape {
  readonly kind: ScalarKind | 'record';
  readonly isList: boolean;
  /** The columns of a record; empty for a scalar. */
  readonly members: readonly { readonly name: string; readonly kind: ScalarKind }[];
}

/** A name, quoted where DuckDB has to, and its type. */
const MEMBER = /("(?:[^"]|"")*"|[^\s",()]+)\s+([A-Z]+(?:\([^)]*\))?)/g;

/** Reads what DuckDB calls a type: `BIGINT`, `VARCHAR[]`, `STRUCT("name" VARCHAR, sectors BIGINT)[]`. */
export function columnShape(type: string): ColumnShape {
  const isList = type.endsWith('[]');
  const base = isList ? type.slice(0, -2) : type;
  const record = /^STRUCT\((.*)\)$/s.exec(base);
  if (record === null) return { kind: scalarKind(base), isList, members: [] };
  const members = [...record[1]!.matchAll(MEMBER)].map(([, name, of]) => ({
    name: unquoted(name!),
    kind: scalarKind(of!),
  }));
  return { kind: 'record', isList, members };
}

function scalarKind(type: string): ScalarKind {
  if (/INT/.test(type) || /^DECIMAL\(\d+, *0\)$/.test(type)) return 'integer';
  if (/^(DOUBLE|FLOAT|DECIMAL)/.test(type)) return 'number';
  return type === 'BOOLEAN' ? 'boolean' : 'string';
}

const unquoted = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);
