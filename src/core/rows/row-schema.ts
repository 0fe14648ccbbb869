import {
  type ArrayField,
  DEFAULT_MAX_ITEMS,
  DEFAULT_MAX_LENGTH,
  type Field,
  type Fields,
  type ScalarField,
} from '../contract/fields.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** How a row is placed in time: by the schedule's tick, or by the order of arrival. */
export type Envelope = 'tick' | 'seq';

export interface RowSchemaSource {
  readonly name: string;
  readonly rowVersion: number;
  readonly summary: string;
  readonly fields: Fields;
}

/** Keywords beyond JSON Schema 2020-12 that our schemas carry; other validators ignore them. */
export const SCHEMA_KEYWORDS = ['x-unit', 'x-kind', 'x-reset', 'x-may-decrease', 'x-key', 'x-available-in-deployment'];

/** The largest 64-bit values of the kernel; a row holds no wider integer. */
export const INTEGER_MIN = -(2n ** 63n);
export const INTEGER_MAX = 2n ** 64n - 1n;

const nanoseconds = (description: string) => ({ type: 'integer', description, 'x-unit': 'ns', 'x-kind': 'info' });

/** The columns that the host adds, in their order. */
function envelope(kind: Envelope): Record<string, JsonSchema> {
  const common = {
    t_mono_ns: nanoseconds(
      "Time since the episode's origin on CLOCK_MONOTONIC, read just before the first read of the sample.",
    ),
    t_wall_ns: nanoseconds(
      'Time since the Unix epoch: one wall anchor per episode plus the monotonic distance. Exact to the last digit.',
    ),
    source: { type: 'string', minLength: 1, description: 'The collector instance, as in meta.json.', 'x-kind': 'info' },
    available_in_deployment: {
      type: 'boolean',
      description: 'Whether a deployed device has this source. False: an oracle, for the lab only.',
      'x-kind': 'info',
    },
  };
  const count = (description: string) => ({
    type: 'integer',
    minimum: 0,
    description,
    'x-unit': '1',
    'x-kind': 'info',
  });
  const position = (description: string) => ({ ...count(description), maximum: Number.MAX_SAFE_INTEGER });
  return kind === 'tick'
    ? {
        ...common,
        tick: position('The index k of the sample, due at k * interval.'),
        epoch: count(
          'Raised when counters may have started anew (a reboot, a restore, a reconnect): no rate crosses it.',
        ),
      }
    : { ...common, seq: position('The position of the row in the stream, from 0.') };
}

/** The JSON Schema (2020-12) of a source's rows, made from its fields. `source` and availability are left free: an instance may be renamed. */
export function rowSchema({ name, rowVersion, summary, fields }: RowSchemaSource, kind: Envelope): JsonSchema {
  const host = envelope(kind);
  const own = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, fieldSchema(field)]));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:cis490:source:${name}:${rowVersion}`,
    title: `${name} row`,
    description: summary,
    type: 'object',
    properties: { ...host, ...own },
    required: [...Object.keys(host), ...Object.keys(own)],
    additionalProperties: false,
  };
}

function fieldSchema(field: Field): JsonSchema {
  return field.type === 'array' ? arraySchema(field) : scalarSchema(field);
}

function arraySchema({
  description,
  items,
  nullable,
  maxItems = DEFAULT_MAX_ITEMS,
  availableInDeployment,
}: ArrayField): JsonSchema {
  return {
    type: nullable ? ['array', 'null'] : 'array',
    description,
    maxItems,
    items: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(items).map(([key, field]) => [key, scalarSchema(field)])),
      required: Object.keys(items),
      additionalProperties: false,
    },
    ...(availableInDeployment === false && { 'x-available-in-deployment': false }),
  };
}

function scalarSchema(field: ScalarField): JsonSchema {
  const { type, description, nullable, unit, kind, reset, mayDecrease, key, availableInDeployment } = field;
  return {
    type: nullable ? [type, 'null'] : type,
    description,
    ...limits(field),
    ...(unit !== undefined && { 'x-unit': unit }),
    'x-kind': kind,
    ...(reset !== undefined && { 'x-reset': reset }),
    ...(mayDecrease && { 'x-may-decrease': true }),
    ...(key && { 'x-key': true }),
    ...(availableInDeployment === false && { 'x-available-in-deployment': false }),
  };
}

function limits(field: ScalarField): JsonSchema {
  if (field.type === 'string') {
    return field.enum
      ? { enum: field.nullable ? [...field.enum, null] : [...field.enum] }
      : { maxLength: field.maxLength ?? DEFAULT_MAX_LENGTH };
  }
  const minimum = lowest(field);
  return {
    ...(minimum !== undefined && { minimum }),
    ...(field.maximum !== undefined && { maximum: field.maximum }),
  };
}

/** A counter starts at zero, so it is never below it, unless told. */
export function lowest({ kind, minimum }: ScalarField): number | undefined {
  return minimum ?? (kind === 'counter' ? 0 : undefined);
}
