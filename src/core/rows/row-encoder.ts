import {
  DEFAULT_MAX_ITEMS,
  DEFAULT_MAX_LENGTH,
  type Field,
  type Fields,
  type ScalarField,
} from '../contract/fields.js';
import { asciiJson } from '../json/ascii-json.js';
import { type Envelope, INTEGER_MAX, INTEGER_MIN, lowest } from './row-schema.js';

/** A row that its schema refuses. `reason` names key, value and what would have been right. */
export class RowError extends Error {
  readonly key: string;

  constructor(key: string, reason: string) {
    super(reason);
    this.name = 'RowError';
    this.key = key;
  }
}

/**
 * Prints one row as a JSON line (ASCII, ends in a line feed), or throws RowError.
 * `position` is the tick or the seq; `epoch` is not printed for a stream.
 */
export type RowEncoder = (row: unknown, tMonoNs: number, tWallNs: bigint, position: number, epoch: number) => string;

export interface RowEncoderOptions {
  readonly fields: Fields;
  readonly envelope: Envelope;
  readonly source: string;
  readonly availableInDeployment: boolean;
}

/**
 * Compiles the fields into straight-line code that checks and prints in one pass: what it prints validates against
 * `rowSchema`, what that refuses it refuses. A generic serialiser can't serve here: fast-json-stringify turns null into
 * 0 and 1.5 into 1 for an integer, and JSON.stringify throws on a bigint.
 */
export function compileRowEncoder({ fields, envelope, source, availableInDeployment }: RowEncoderOptions): RowEncoder {
  const head = `,"source":${asciiJson(source)},"available_in_deployment":${availableInDeployment},"${envelope}":`;
  const epoch = envelope === 'tick' ? `+',"epoch":'+epoch` : '';
  const body = [
    `if(typeof row!=='object'||row===null||Array.isArray(row))fail('','a row is an object, not '+show(row));`,
    `let s='{"t_mono_ns":'+tMonoNs+',"t_wall_ns":'+tWallNs+${literal(head)}+position${epoch};`,
    'let v,n=0;',
    ...Object.entries(fields).map(([key, field]) => fieldCode(key, field, 'row', key)),
    unknownKeys('row', Object.keys(fields), ''),
    `return s+'}\\n';`,
  ].join('\n');
  const make = new Function(
    'fail',
    'show',
    'asciiJson',
    'integer',
    'isWithin',
    `return function encodeRow(row,tMonoNs,tWallNs,position,epoch){${body}}`,
  );
  return make(fail, show, asciiJson, integer, isWithin) as RowEncoder;
}

function fieldCode(key: string, field: Field, owner: string, path: string): string {
  const read = `v=${owner}[${literal(key)}];`;
  const print = `s+=${literal(`,${asciiJson(key)}:`)}`;
  if (field.type !== 'array') return `${read}${print}+(${scalarCode(field, path)});`;
  const { items, maxItems = DEFAULT_MAX_ITEMS, nullable } = field;
  const none = nullable ? `if(v===null){${print}+'null';}else ` : '';
  const entries = Object.entries(items);
  const records = entries.map(([name, item], i) => {
    const prefix = literal(`${i === 0 ? '{' : ','}${asciiJson(name)}:`);
    return `v=item[${literal(name)}];s+=${prefix}+(${scalarCode(item, `${path}[].${name}`)});`;
  });
  return `${read}${none}{
    if(!Array.isArray(v)||v.length>${maxItems})fail(${literal(path)},'an array of at most ${maxItems} records, not '+show(v));
    const list=v;${print}+'[';
    for(let i=0;i<list.length;i++){const item=list[i];
      if(typeof item!=='object'||item===null)fail(${literal(path)},'a record, not '+show(item));
      if(i>0)s+=',';
      ${entries.length === 0 ? "s+='{';" : records.join('')}
      ${unknownKeys('item', Object.keys(items), `${path}[].`)}
      s+='}';}
    s+=']';}`;
}

/** An own property that the fields don't name is an error: every row has the same columns. */
function unknownKeys(owner: string, keys: readonly string[], path: string): string {
  return `n=0;for(const k in ${owner})n++;
    if(n!==${keys.length})for(const k in ${owner})if(!${JSON.stringify(keys)}.includes(k))fail(${literal(path)}+k,'no such field');`;
}

/** An expression that prints `v`, or fails. */
function scalarCode(field: ScalarField, path: string): string {
  const bad = (what: string) =>
    `fail(${literal(path)},${literal(`${what}${field.nullable ? ' or null' : ''}, not `)}+show(v))`;
  const orNull = field.nullable ? `v===null?'null':` : '';
  switch (field.type) {
    case 'integer':
      return `${orNull}(Number.isSafeInteger(v)${range(field)})?v:integer(v,${lowest(field)},${field.maximum})??${bad(wanted('an integer', field))}`;
    case 'number':
      return `${orNull}(Number.isFinite(v)${range(field)})?v:${bad(wanted('a finite number', field))}`;
    case 'boolean':
      return `${orNull}typeof v==='boolean'?v:${bad('true or false')}`;
    case 'string': {
      const allowed = field.enum
        ? `${JSON.stringify(field.enum)}.includes(v)`
        : `isWithin(v,${field.maxLength ?? DEFAULT_MAX_LENGTH})`;
      const what = field.enum
        ? `one of ${field.enum.join(', ')}`
        : `a string of at most ${field.maxLength ?? DEFAULT_MAX_LENGTH} characters`;
      return `${orNull}(typeof v==='string'&&${allowed})?asciiJson(v):${bad(what)}`;
    }
  }
}

function range(field: ScalarField): string {
  const minimum = lowest(field);
  return (
    (minimum === undefined ? '' : `&&v>=${minimum}`) + (field.maximum === undefined ? '' : `&&v<=${field.maximum}`)
  );
}

function wanted(what: string, field: ScalarField): string {
  const minimum = lowest(field);
  return (
    what +
    (minimum === undefined ? '' : ` from ${minimum}`) +
    (field.maximum === undefined ? '' : ` to ${field.maximum}`)
  );
}

/** The slow way of an integer field: a bigint of at most 64 bits. */
function integer(
  value: unknown,
  minimum: number = Number.NEGATIVE_INFINITY,
  maximum: number = Number.POSITIVE_INFINITY,
): string | undefined {
  const fits =
    typeof value === 'bigint' && value >= INTEGER_MIN && value <= INTEGER_MAX && value >= minimum && value <= maximum;
  return fits ? value.toString() : undefined;
}

/** JSON Schema counts characters, JavaScript their UTF-16 units: of these there are at least as many, and at most twice. */
function isWithin(text: string, limit: number): boolean {
  return text.length <= limit || (text.length <= 2 * limit && [...text].length <= limit);
}

function fail(key: string, reason: string): never {
  throw new RowError(key, key === '' ? reason : `${key}: ${reason}`);
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'bigint')
    return value < INTEGER_MIN || value > INTEGER_MAX ? `${value}n (beyond 64 bits)` : `${value}n`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? `${value} (beyond 2^53: give a bigint)`
    : String(value);
}

/** A JavaScript string literal for generated code. */
function literal(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (unit) => (unit === '\u2028' ? '\\u2028' : '\\u2029'));
}
