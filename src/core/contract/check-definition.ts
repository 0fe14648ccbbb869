import { API_VERSION } from './collector.js';
import type { ScalarField } from './fields.js';
import { isUnit } from './units.js';

const NAME = /^[a-z][a-z0-9_]{0,62}$/;
/** Columns of a row that are not the collector's to name. */
export const HOST_COLUMNS: ReadonlySet<string> = new Set([
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
const RESETS = ['boot', 'process', 'device', 'cgroup'];
const TYPES = ['integer', 'number', 'string', 'boolean'];

type Loose = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isOneOf = (words: readonly string[], value: unknown) => typeof value === 'string' && words.includes(value);
const isFunction = (value: unknown) => typeof value === 'function';

/** Everything in which a plugin's export breaks the contract, a sentence each; empty for a sound one. Never throws. */
export function checkDefinition(value: unknown): string[] {
  return Object.values(checkParts(value)).flat();
}

/** The parts of the contract that a plugin's export can break. */
export type DefinitionPart = 'shape' | 'apiVersion' | 'availability' | 'schemas';

/** The same, by the part that is broken. */
export function checkParts(value: unknown): Record<DefinitionPart, string[]> {
  if (!isRecord(value)) {
    const shape = [`a collector definition is an object, not ${value === null ? 'null' : typeof value}`];
    return { apiVersion: [], shape, availability: [], schemas: [] };
  }
  const fields = value.configure === undefined ? fieldsTable(value.fields) : configurable(value);
  return {
    apiVersion: apiVersion(value),
    shape: [...identity(value), ...functions(value)],
    availability: availability(value),
    schemas: [...fields, ...optionsSchema(value.options)],
  };
}

function apiVersion(d: Loose): string[] {
  if (d.apiVersion === API_VERSION) return [];
  return [`apiVersion is ${show(d.apiVersion)}; this cis490 has ${API_VERSION}`];
}

function identity(d: Loose): string[] {
  const problems: string[] = [];
  if (typeof d.name !== 'string' || !NAME.test(d.name))
    problems.push(`name is ${show(d.name)}; it must be snake_case, as in "host_proc"`);
  if (!isText(d.version)) problems.push('version is missing');
  if (!isText(d.summary) || /\n/.test(d.summary)) problems.push('summary must be one line of text');
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
    if (HOST_COLUMNS.has(key)) return [`fields.${key}: the host adds this column itself`];
    return isRecord(field) && field.type === 'array' ? arrayField(key, field) : scalarField(key, field);
  });
}

/** Its fields come with its configuration, and are checked then. */
function configurable({ configure, fields }: Loose): string[] {
  if (!isFunction(configure)) return ['configure must be a function'];
  return isRecord(fields) && Object.keys(fields).length === 0 ? [] : fieldsTable(fields);
}

function arrayField(key: string, field: Loose): string[] {
  const problems = NAME.test(key) ? [] : [`fields.${key}: a name must be snake_case`];
  if (!isText(field.description)) problems.push(`fields.${key}: description is missing`);
  if (field.availableInDeployment !== undefined && field.availableInDeployment !== false) {
    problems.push(`fields.${key}: availableInDeployment can only be lowered to false`);
  }
  problems.push(...limits(`fields.${key}`, field));
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
  if (!isOneOf(TYPES, type))
    problems.push(
      `${at}: type is ${show(type)}; it must be one of ${TYPES.join(', ')}${path.includes('.') ? '' : ', array'}`,
    );
  if (!isText(description)) problems.push(`${at}: description is missing`);
  if (!isOneOf(KINDS, kind)) problems.push(`${at}: kind is ${show(kind)}; it must be one of ${KINDS.join(', ')}`);
  const isNumeric = type === 'integer' || type === 'number';
  if (unit === undefined ? isNumeric : typeof unit !== 'string' || !isUnit(unit)) {
    problems.push(`${at}: unit is ${show(unit)}; it must be UCUM, as in "By", "s", "1", "{fault}"`);
  }
  if (kind === 'counter' ? !isOneOf(RESETS, reset) : reset !== undefined) {
    problems.push(`${at}: reset is ${show(reset)}; a counter has one of ${RESETS.join(', ')}, other kinds have none`);
  }
  if (availableInDeployment !== undefined && availableInDeployment !== false) {
    problems.push(`${at}: availableInDeployment can only be lowered to false`);
  }
  return [...problems, ...limits(at, field)];
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
  const { properties, required = [] } = options;
  const undescribed = Object.entries(properties).filter(
    ([, option]) => !isRecord(option) || !isText(option.description),
  );
  const isKnown = (name: unknown) => typeof name === 'string' && Object.hasOwn(properties, name);
  return [
    ...undescribed.map(([name]) => `options.properties.${name}: description is missing`),
    ...(Array.isArray(required) && required.every(isKnown)
      ? []
      : [`options.required is ${show(required)}; it must list names of its properties`]),
  ];
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
      return [`kind is ${show(d.kind)}; it must be one of files, polled, stream`];
  }
}

/** They go into the row schema and into generated code. */
function limits(at: string, { minimum, maximum, enum: words, maxLength, maxItems, nullable }: Loose): string[] {
  const problems: string[] = [];
  const isCount = (value: unknown) => value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0);
  const isNumber = (value: unknown) => value === undefined || Number.isFinite(value);
  if (!isNumber(minimum)) problems.push(`${at}: minimum is ${show(minimum)}; it must be a finite number`);
  if (!isNumber(maximum)) problems.push(`${at}: maximum is ${show(maximum)}; it must be a finite number`);
  if (typeof minimum === 'number' && typeof maximum === 'number' && minimum > maximum)
    problems.push(`${at}: minimum is ${minimum}, above the maximum`);
  if (
    words !== undefined &&
    !(Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === 'string'))
  ) {
    problems.push(`${at}: enum is ${show(words)}; it must list at least one word`);
  }
  if (!isCount(maxLength)) problems.push(`${at}: maxLength is ${show(maxLength)}; it must be an integer from 0`);
  if (!isCount(maxItems)) problems.push(`${at}: maxItems is ${show(maxItems)}; it must be an integer from 0`);
  if (nullable !== undefined && typeof nullable !== 'boolean')
    problems.push(`${at}: nullable is ${show(nullable)}; it must be true or false`);
  return problems;
}

/** Whatever it is, in words; JSON has no form for bigints and cycles. */
function show(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value === 'bigint' ? `${value}n` : `a value of type ${typeof value}`;
  }
}
