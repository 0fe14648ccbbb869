import { API_VERSION } from './collector.js';
import type { ScalarField } from './fields.js';
import { isUnit } from './units.js';

const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const RESERVED = new Set([
  't_mono_ns',
  't_wall_ns',
  'source',
  'available_in_deployment',
  'tick',
  'epoch',
  'seq',
  'episode_id',
]);
const KINDS = ['counter', 'delta', 'gauge', 'state', 'info'];
const RESETS = ['boot', 'process', 'device'];
const TYPES = ['integer', 'number', 'string', 'boolean'];

type Loose = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isFunction = (value: unknown) => typeof value === 'function';

/** Everything in which a plugin's export breaks the contract, a sentence each; empty for a sound one. Never throws. */
export function checkDefinition(value: unknown): string[] {
  if (!isRecord(value)) return [`a collector definition is an object, not ${value === null ? 'null' : typeof value}`];
  return [
    ...identity(value),
    ...availability(value),
    ...fieldsTable(value.fields),
    ...optionsSchema(value.options),
    ...functions(value),
  ];
}

function identity(d: Loose): string[] {
  const problems: string[] = [];
  if (d.apiVersion !== API_VERSION)
    problems.push(`apiVersion is ${String(d.apiVersion)}; this cis490 has ${API_VERSION}`);
  if (typeof d.name !== 'string' || !NAME.test(d.name))
    problems.push(`name is ${JSON.stringify(d.name)}; it must be snake_case, as in "host_proc"`);
  if (!isText(d.version)) problems.push('version is missing');
  if (!isText(d.summary) || /\n/.test(String(d.summary))) problems.push('summary must be one line of text');
  if (!Number.isSafeInteger(d.rowVersion) || Number(d.rowVersion) < 1)
    problems.push('rowVersion must be an integer from 1');
  return problems;
}

function availability(d: Loose): string[] {
  const tag = d.availableInDeployment;
  if (isRecord(tag) && typeof tag.value === 'boolean' && isText(tag.rationale)) return [];
  return ['availableInDeployment must be given as {value: true or false, rationale: "why"}; there is no default'];
}

function fieldsTable(fields: unknown): string[] {
  if (!isRecord(fields) || Object.keys(fields).length === 0) return ['fields must name at least one field'];
  return Object.entries(fields).flatMap(([key, field]) => {
    if (RESERVED.has(key)) return [`fields.${key}: the host adds this column itself`];
    return isRecord(field) && field.type === 'array' ? arrayField(key, field) : scalarField(key, field);
  });
}

function arrayField(key: string, field: Loose): string[] {
  const problems = NAME.test(key) ? [] : [`fields.${key}: a name must be snake_case`];
  if (!isText(field.description)) problems.push(`fields.${key}: description is missing`);
  if (!isRecord(field.items) || Object.keys(field.items).length === 0)
    return [...problems, `fields.${key}: items must name at least one field`];
  return [
    ...problems,
    ...Object.entries(field.items).flatMap(([name, item]) => scalarField(`${key}.items.${name}`, item)),
  ];
}

function scalarField(path: string, field: unknown): string[] {
  const at = `fields.${path}`;
  if (!isRecord(field)) return [`${at}: must be an object`];
  const { type, unit, kind, reset, description, availableInDeployment } = field as Partial<ScalarField> & Loose;
  const problems: string[] = [];
  if (!NAME.test(path.slice(path.lastIndexOf('.') + 1))) problems.push(`${at}: a name must be snake_case`);
  if (!TYPES.includes(String(type)))
    problems.push(`${at}: type is ${JSON.stringify(type)}; it must be one of ${TYPES.join(', ')}, array`);
  if (!isText(description)) problems.push(`${at}: description is missing`);
  if (!KINDS.includes(String(kind)))
    problems.push(`${at}: kind is ${JSON.stringify(kind)}; it must be one of ${KINDS.join(', ')}`);
  const isNumeric = type === 'integer' || type === 'number';
  if (unit === undefined ? isNumeric : typeof unit !== 'string' || !isUnit(unit)) {
    problems.push(`${at}: unit is ${JSON.stringify(unit)}; it must be UCUM, as in "By", "s", "1", "{fault}"`);
  }
  if (kind === 'counter' ? !RESETS.includes(String(reset)) : reset !== undefined) {
    problems.push(
      `${at}: reset is ${JSON.stringify(reset)}; a counter has one of ${RESETS.join(', ')}, other kinds have none`,
    );
  }
  if (availableInDeployment !== undefined && availableInDeployment !== false) {
    problems.push(`${at}: availableInDeployment can only be lowered to false`);
  }
  return problems;
}

function optionsSchema(options: unknown): string[] {
  if (
    !isRecord(options) ||
    options.type !== 'object' ||
    !isRecord(options.properties) ||
    options.additionalProperties !== false
  ) {
    return ['options must be a JSON Schema {type: "object", additionalProperties: false, properties: {...}}'];
  }
  return Object.entries(options.properties).flatMap(([name, option]) =>
    isRecord(option) && isText(option.description) ? [] : [`options.properties.${name}: description is missing`],
  );
}

function functions(d: Loose): string[] {
  const missing = (names: string[]) =>
    names.filter((name) => !isFunction(d[name])).map((name) => `${name} must be a function`);
  switch (d.kind) {
    case 'files':
      return missing(['files', 'parse']);
    case 'polled':
    case 'stream':
      return [
        ...missing(['create']),
        ...(d.probe === undefined || isFunction(d.probe) ? [] : ['probe must be a function']),
      ];
    default:
      return [`kind is ${JSON.stringify(d.kind)}; it must be one of files, polled, stream`];
  }
}
