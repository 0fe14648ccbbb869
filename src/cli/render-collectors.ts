import type { CollectorDescription } from '../core/collection/protocol.js';
import type { Field } from '../core/contract/fields.js';
import type { OptionsSchema } from '../core/contract/options.js';
import type { Inspection } from '../core/episode/collector-inspector.js';
import { oneLine } from './sanitize.js';
import { table } from './table.js';

/** One entry of schemas/results/collector-list.schema.json and collector-probe.schema.json */
export function inspectionDocument({ ref, description, status, reason, remedy }: Inspection) {
  return {
    name: ref.name,
    owner: ref.owner,
    origin: ref.origin,
    kind: description?.kind ?? null,
    available_in_deployment: description?.availableInDeployment.value ?? null,
    summary: description?.summary ?? null,
    status,
    reason,
    remedy,
  };
}

export function listText(inspections: readonly Inspection[]): string {
  const rows = inspections.map(({ ref, description, status }) => [
    ref.name,
    description?.kind ?? '-',
    availability(description),
    `${ref.origin}${ref.origin === 'builtin' ? '' : ` ${ref.owner}`}`,
    status,
    description?.summary ?? '-',
  ]);
  return table(['name', 'kind', 'availability', 'origin', 'here', 'summary'], rows);
}

export function probeText(inspections: readonly Inspection[]): string {
  return inspections
    .map(({ ref, status, reason, remedy }) => {
      const why = reason === null ? '' : `: ${oneLine(reason)}`;
      return `${ref.name}: ${status}${why}\n${remedy === null ? '' : `  ${oneLine(remedy)}\n`}`;
    })
    .join('');
}

export function describeText({ ref, description, status, reason }: Inspection): string {
  if (description === null) return `${ref.name} of ${ref.owner} can not be loaded: ${oneLine(String(reason))}\n`;
  const { name, version, rowVersion, kind, summary, availableInDeployment, options, requires = {} } = description;
  const needs = Object.entries(requires).flatMap(([what, list]) =>
    list?.length ? [`${what} ${list.join(', ')}`] : [],
  );
  const optionRows = Object.entries(options.properties).map(([option, spec]) => [
    option,
    [spec.type].flat().join(', '),
    defaultOf(option, options),
    spec.enum === undefined ? spec.description : `${spec.description} One of ${spec.enum.join(', ')}.`,
  ]);
  const head = [
    `${name} ${version} (${ref.origin} ${ref.owner}), rows version ${rowVersion}`,
    summary,
    '',
    `kind:         ${kind}`,
    `availability: ${availability(description)}: ${availableInDeployment.rationale}`,
    `needs:        ${needs.join('; ') || 'nothing'}`,
    `here:         ${status}${reason === null ? '' : `: ${reason}`}`,
  ];
  return [
    ...head.map((line) => `${oneLine(line)}\n`),
    '\n',
    optionRows.length === 0 ? 'It has no options.\n' : table(['option', 'type', 'default', 'description'], optionRows),
    `\n${fieldsText(description)}`,
    `\nIn a configuration:\n\n${sampleConfig(description)}`,
  ].join('');
}

function defaultOf(option: string, { properties, required = [] }: OptionsSchema): string {
  const { default: value } = properties[option]!;
  return value === undefined ? (required.includes(option) ? 'required' : '-') : JSON.stringify(value);
}

function fieldsText({ fields, isConfigurable }: CollectorDescription): string {
  if (isConfigurable) return 'Its fields are told by its configuration.\n';
  const rows = Object.entries(fields).flatMap(([key, field]) => fieldRows(key, field));
  return table(['field', 'type', 'unit', 'kind', 'description'], rows);
}

function availability(description: CollectorDescription | null): string {
  if (description === null) return '-';
  return description.availableInDeployment.value ? 'deployable' : 'oracle';
}

function fieldRows(key: string, field: Field): string[][] {
  if (field.type === 'array') {
    const own = [key, field.nullable ? 'array, null' : 'array', '', '', field.description];
    return [own, ...Object.entries(field.items).flatMap(([name, item]) => fieldRows(`${key}[].${name}`, item))];
  }
  const kind = field.reset === undefined ? field.kind : `${field.kind} (reset: ${field.reset})`;
  return [[key, field.nullable ? `${field.type}, null` : field.type, field.unit ?? '', kind, field.description]];
}

/** All options, with their defaults; what only the user knows is left open. */
function sampleConfig({ name, kind, options }: CollectorDescription): string {
  const lines = Object.entries(options.properties).map(([option, spec]) => {
    const value = spec.default === undefined ? '...' : JSON.stringify(spec.default);
    return `${oneLine(`      ${option}: ${value} # ${spec.description}`)}\n`;
  });
  return [
    `collectors:\n  ${name}:${kind === 'stream' && lines.length === 0 ? ' {}' : ''}\n`,
    kind === 'stream' ? '' : '    interval: 100ms\n',
    lines.length === 0 ? '' : `    options:\n${lines.join('')}`,
  ].join('');
}
