import type { CounterReset, ScalarField } from './fields.js';

/** Makes fields that count from one and the same beginning: `const sinceBoot = counterSince('boot')`. Null where the source lacks one. */
export const counterSince =
  <const R extends CounterReset>(reset: R) =>
  <const U extends string, const D extends string>(unit: U, description: D) =>
    ({ type: 'integer', unit, kind: 'counter', reset, nullable: true, description }) as const satisfies ScalarField;

/** A level that is never below zero; null where the source lacks it. */
export const level = <const U extends string, const D extends string>(unit: U, description: D) =>
  ({ type: 'integer', unit, kind: 'gauge', minimum: 0, nullable: true, description }) as const satisfies ScalarField;
