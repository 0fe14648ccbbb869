import type { ErrorObject, ValidateFunction } from 'ajv';
import { explainError, isEcho } from '../config/explain-errors.js';

/** The first violation that a validator has found, in words. */
export function firstProblem({ errors }: ValidateFunction): string {
  const found = (errors ?? []) as ErrorObject[];
  return explainError(found.find((error) => !isEcho(error)) ?? found[0]!, '');
}
