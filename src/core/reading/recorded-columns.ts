import type { CounterReset, FieldKind } from '../contract/fields.js';
import type { JsonSchema } from '../rows/row-schema.js';
import { requireRowSchema } from '../rows/stored-schema.js';
import type { RecordedColumn } from './recorded-episode.js';

/** What the host puts in front of a collector's own columns. */
const ENVELOPE = ['t_mono_ns', 't_wall_ns', 'source', 'available_in_deployment', 'tick', 'epoch', 'seq'];
const TYPES = ['integer', 'number', 'string', 'boolean', 'array'] as const;
const KINDS: readonly string[] = ['counter', 'delta', 'gauge', 'state', 'info'];

type Type = RecordedColumn['type'];

/** The columns of a row schema of meta.json, and apart from them those of the envelope. Throws in words if it is none. */
export function recordedColumns(
  schema: JsonSchema,
  isDeployable: boolean,
): { readonly envelope: RecordedColumn[]; readonly own: RecordedColumn[] } {
  requireRowSchema(schema);
  const all = columnsOf(schema, isDeployable);
  return {
    envelope: all.filter(({ name }) => ENVELOPE.includes(name)),
    own: all.filter(({ name }) => !ENVELOPE.includes(name)),
  };
}

function columnsOf({ properties = {} }: JsonSchema, isDeployable: boolean): RecordedColumn[] {
  return Object.entries(properties as Readonly<Record<string, JsonSchema>>).map(([name, property]) =>
    columnOf(name, property, isDeployable),
  );
}

function columnOf(name: string, property: JsonSchema, isSourceDeployable: boolean): RecordedColumn {
  const words = [property.type ?? 'string'].flat();
  const type = TYPES.find((each) => words.includes(each));
  if (type === undefined) throw new Error(`${name} has no type of a column`);
  const isDeployable = isSourceDeployable && property['x-available-in-deployment'] !== false;
  return {
    name,
    type,
    nullable: words.includes('null') || (Array.isArray(property.enum) && property.enum.includes(null)),
    kind: kindOf(property['x-kind'], type),
    unit: textOf(property['x-unit']),
    description: textOf(property.description) ?? '',
    reset: textOf(property['x-reset']) as CounterReset | null,
    mayDecrease: property['x-may-decrease'] === true,
    states: statesOf(property.enum),
    isKey: property['x-key'] === true,
    availableInDeployment: isDeployable,
    items: property.items === undefined ? [] : columnsOf(property.items as JsonSchema, isDeployable),
  };
}

function kindOf(kind: unknown, type: Type): FieldKind {
  if (typeof kind === 'string' && KINDS.includes(kind)) return kind as FieldKind;
  return type === 'array' ? 'info' : 'state';
}

function statesOf(words: unknown): string[] | null {
  return Array.isArray(words) ? words.filter((word): word is string => typeof word === 'string') : null;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
