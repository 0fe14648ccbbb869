import fc from 'fast-check';
import type { ArrayField, Field, Fields, ScalarField } from '../../../src/index.js';

/** Names that JavaScript objects have anyway are fields like any other. */
const key = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/),
  fc.constantFrom('constructor', 'length', 'item', 'class'),
);
const word = fc.string({ unit: 'grapheme', maxLength: 6 });
const safeOrFraction = (value: number) => !Number.isInteger(value) || Number.isSafeInteger(value);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).filter(safeOrFraction);

export const jsonScalar = fc.oneof(
  fc.maxSafeInteger(),
  finite,
  word,
  fc.boolean(),
  fc.constant(null),
  fc.constant([]),
  fc.constant({}),
);

const isNullable = fc.option(fc.constant(true), { nil: undefined });
const bounds = fc
  .option(fc.tuple(fc.integer(), fc.integer()), { nil: undefined })
  .map((pair) => (pair ? { minimum: Math.min(...pair), maximum: Math.max(...pair) } : {}));

const scalarField: fc.Arbitrary<ScalarField> = fc.oneof(
  fc.record({ type: fc.constantFrom('integer', 'number'), nullable: isNullable, bounds, isCounter: fc.boolean() }).map(
    ({ type, nullable, bounds, isCounter }) =>
      ({
        type,
        unit: '1',
        description: 'd',
        ...(nullable && { nullable }),
        ...bounds,
        ...(isCounter ? { kind: 'counter', reset: 'boot' } : { kind: 'gauge' }),
      }) as ScalarField,
  ),
  fc
    .record({ nullable: isNullable, maxLength: fc.integer({ min: 0, max: 6 }) })
    .map(
      ({ nullable, maxLength }) =>
        ({ type: 'string', kind: 'info', description: 'd', maxLength, ...(nullable && { nullable }) }) as ScalarField,
    ),
  fc
    .record({ nullable: isNullable, enum: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }) })
    .map(
      ({ nullable, ...rest }) =>
        ({ type: 'string', kind: 'state', description: 'd', ...rest, ...(nullable && { nullable }) }) as ScalarField,
    ),
  isNullable.map(
    (nullable) => ({ type: 'boolean', kind: 'state', description: 'd', ...(nullable && { nullable }) }) as ScalarField,
  ),
);

const arrayField: fc.Arbitrary<ArrayField> = fc
  .record({
    nullable: isNullable,
    maxItems: fc.integer({ min: 0, max: 3 }),
    items: fc.dictionary(key, scalarField, { minKeys: 1, maxKeys: 2 }),
  })
  .map(
    ({ nullable, ...rest }) =>
      ({ type: 'array', description: 'd', ...rest, ...(nullable && { nullable }) }) as ArrayField,
  );

const field: fc.Arbitrary<Field> = fc.oneof(
  { weight: 4, arbitrary: scalarField },
  { weight: 1, arbitrary: arrayField },
);

export const fieldsTable: fc.Arbitrary<Fields> = fc.dictionary(key, field, { minKeys: 1, maxKeys: 4 });

function goodScalar({ type, kind, minimum, maximum, maxLength, ...rest }: ScalarField): fc.Arbitrary<unknown> {
  const low = Math.max(minimum ?? -1e9, kind === 'counter' && minimum === undefined ? 0 : -1e9);
  const high = Math.max(low, maximum ?? 1e9);
  if (type === 'integer')
    return fc.oneof(fc.integer({ min: low, max: high }), fc.bigInt({ min: BigInt(low), max: BigInt(high) }));
  if (type === 'number') return fc.double({ min: low, max: high, noNaN: true });
  if (type === 'boolean') return fc.boolean();
  return rest.enum ? fc.constantFrom(...rest.enum) : fc.string({ unit: 'binary', maxLength: maxLength ?? 10 });
}

const orNull = (field: Field, good: fc.Arbitrary<unknown>) =>
  field.nullable ? fc.oneof(good, fc.constant(null)) : good;

function goodValue(field: Field, bad: fc.Arbitrary<unknown>, withBigints: boolean): fc.Arbitrary<unknown> {
  if (field.type !== 'array')
    return orNull(
      field,
      withBigints ? goodScalar(field) : goodScalar(field).map((v) => (typeof v === 'bigint' ? Number(v) : v)),
    );
  return orNull(field, fc.array(rowOf(field.items, bad, withBigints), { maxLength: (field.maxItems ?? 3) + 1 }));
}

/** Mostly what the table asks for; at times a wrong value, a key too many or one too few. */
export function rowOf(
  fields: Fields,
  bad: fc.Arbitrary<unknown>,
  withBigints = true,
): fc.Arbitrary<Record<string, unknown>> {
  const values = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      fc.oneof({ weight: 20, arbitrary: goodValue(field, bad, withBigints) }, { weight: 1, arbitrary: bad }),
    ]),
  );
  const whole = fc.record(values);
  const lacking = fc.record(values, { requiredKeys: [] });
  const extra = fc.tuple(whole, key, bad).map(([row, name, value]) => ({ ...row, [name]: value }));
  return fc.oneof({ weight: 10, arbitrary: whole }, { weight: 1, arbitrary: lacking }, { weight: 1, arbitrary: extra });
}
