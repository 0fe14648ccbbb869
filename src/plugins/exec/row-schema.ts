import type { Field, Fields, ScalarField } from '../../index.js';

type Json = Readonly<Record<string, unknown>>;
type ScalarType = ScalarField['type'];

/** Columns that the host adds: a published schema names them all, and nobody else's may name one. */
const HOST_COLUMNS = ['t_mono_ns', 't_wall_ns', 'source', 'available_in_deployment'];
const POSITION_COLUMNS = ['seq', 'tick', 'epoch'];
/** The row's own time, which becomes no column. */
const OWN_TIME = 'clock_monotonic_ns';
const SCALARS: readonly string[] = ['integer', 'number', 'string', 'boolean'];
/** What says something about a schema, and nothing about a value. */
const ANNOTATIONS = ['title', 'description', '$comment', 'examples', 'deprecated'];
const TOP = ['$schema', '$id', 'type', 'properties', 'required', 'additionalProperties', ...ANNOTATIONS];
const X = ['x-unit', 'x-kind', 'x-reset', 'x-may-decrease', 'x-key', 'x-available-in-deployment'];
const SCALAR = ['type', 'minimum', 'maximum', 'enum', 'maxLength', ...ANNOTATIONS, ...X];
const ARRAY = ['type', 'items', 'maxItems', ...ANNOTATIONS, 'x-available-in-deployment'];

/**
 * The fields of a row, from its JSON Schema: the part of JSON Schema that a table of flat columns has. A property that is
 * not required may be left out of a row, and is null then. Throws in words, with the path of what it can't take.
 */
export function fieldsFromSchema(schema: unknown): Fields {
  const { properties, required } = objectSchema(schema, 'schema', TOP);
  const isPublished = HOST_COLUMNS.every((name) => Object.hasOwn(properties, name));
  const others = [OWN_TIME, ...(isPublished ? [...HOST_COLUMNS, ...POSITION_COLUMNS] : [])];
  const own = Object.entries(properties).filter(([name]) => !others.includes(name));
  if (own.length === 0) throw new Error('schema.properties names no column');
  return Object.fromEntries(
    own.map(([name, property]) => [name, fieldOf(property, `schema.properties.${name}`, !required.has(name))]),
  );
}

function fieldOf(property: unknown, path: string, isLeftOut: boolean): Field {
  const { type, isNullable } = typeOf(property, path);
  return type === 'array'
    ? arrayField(property as Json, path, isNullable || isLeftOut)
    : scalarField(property as Json, path, isNullable || isLeftOut);
}

function arrayField(property: Json, path: string, nullable: boolean): Field {
  refuseOthers(property, ARRAY, path);
  const { properties, required } = objectSchema(property.items, `${path}.items`, TOP);
  const items = Object.entries(properties).map(([name, item]) => {
    const at = `${path}.items.properties.${name}`;
    const { type, isNullable } = typeOf(item, at);
    if (type === 'array') throw new Error(`${at}: the records of an array are flat; an array in them has no column`);
    return [name, scalarField(item as Json, at, isNullable || !required.has(name))] as const;
  });
  const { maxItems } = property as { maxItems?: number };
  return {
    type: 'array',
    description: describe(property, path),
    items: Object.fromEntries(items),
    nullable,
    ...(maxItems !== undefined && { maxItems }),
    ...lowered(property, path),
  };
}

function scalarField(property: Json, path: string, nullable: boolean): ScalarField {
  refuseOthers(property, SCALAR, path);
  const type = typeOf(property, path).type as ScalarType;
  const isNumeric = type === 'integer' || type === 'number';
  const { minimum, maximum, maxLength, enum: words } = property as Partial<ScalarField>;
  const kind = (property['x-kind'] ?? (isNumeric ? 'gauge' : 'state')) as ScalarField['kind'];
  const unit = (property['x-unit'] ?? (isNumeric ? '1' : undefined)) as string | undefined;
  const reset = (property['x-reset'] ?? (kind === 'counter' ? 'process' : undefined)) as ScalarField['reset'];
  return {
    type,
    description: describe(property, path),
    kind,
    nullable,
    ...(unit !== undefined && { unit }),
    ...(reset !== undefined && { reset }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(maxLength !== undefined && { maxLength }),
    ...(words !== undefined && { enum: words.filter((word) => word !== null) }),
    ...(property['x-may-decrease'] === true && { mayDecrease: true }),
    ...(property['x-key'] === true && { key: true }),
    ...lowered(property, path),
  };
}

/** One type, or one and null. */
function typeOf(property: unknown, path: string): { type: string; isNullable: boolean } {
  const { type } = recordOf(property, path);
  const types = [type].flat().filter((one) => one !== 'null');
  const [only] = types;
  if (types.length === 1 && typeof only === 'string' && [...SCALARS, 'array'].includes(only))
    return { type: only, isNullable: Array.isArray(type) && type.includes('null') };
  throw new Error(
    `${path}.type is ${JSON.stringify(type)}; it must be one of ${SCALARS.join(', ')}, array, with or without null`,
  );
}

function objectSchema(schema: unknown, path: string, keywords: readonly string[]) {
  const { type = 'object', properties, required = [], additionalProperties = false, ...rest } = recordOf(schema, path);
  if (type !== 'object') throw new Error(`${path}.type is ${JSON.stringify(type)}; a row is an "object"`);
  if (additionalProperties !== false)
    throw new Error(`${path}.additionalProperties must be false: every column has a type`);
  refuseOthers(rest, keywords, path);
  return { properties: recordOf(properties, `${path}.properties`), required: new Set(required as readonly string[]) };
}

function recordOf(value: unknown, path: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new Error(`${path} is ${JSON.stringify(value) ?? 'missing'}; it must be an object`);
}

function refuseOthers(schema: Json, keywords: readonly string[], path: string): void {
  const other = Object.keys(schema).find((keyword) => !keywords.includes(keyword));
  if (other !== undefined)
    throw new Error(`${path}.${other} is no keyword that a column has; there are ${keywords.join(', ')}`);
}

const describe = ({ description }: Json, path: string): string =>
  typeof description === 'string' && description.trim() !== ''
    ? description
    : `${path.slice(path.lastIndexOf('.') + 1)}, as the program tells it.`;

/** A field may be lowered below its source, never raised above it. */
const lowered = (property: Json, path: string) => {
  const value = property['x-available-in-deployment'];
  if (value !== undefined && value !== false)
    throw new Error(`${path}.x-available-in-deployment can only be lowered to false`);
  return value === false ? ({ availableInDeployment: false } as const) : {};
};
