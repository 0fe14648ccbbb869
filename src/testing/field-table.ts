import type { Field, Fields, ScalarField } from '../core/contract/fields.js';

const START = '<!-- fields: generated -->';
const END = '<!-- /fields -->';

/** The table of fields for a README, in Markdown: name, type, unit, kind, description. */
export function fieldTable(fields: Fields): string {
  const rows = Object.entries(fields).flatMap(([name, field]) => rowsOf(name, field));
  return ['| field | type | unit | kind | description |', '| --- | --- | --- | --- | --- |', ...rows, ''].join('\n');
}

/** The README with the table of fields between its marks. Throws if there are none. */
export function withFieldTable(readme: string, fields: Fields): string {
  const [from, to] = [readme.indexOf(START), readme.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the README has no lines "${START}" and "${END}" for the table of fields`);
  return `${readme.slice(0, from + START.length)}\n${fieldTable(fields)}${readme.slice(to)}`;
}

function rowsOf(name: string, field: Field): string[] {
  if (field.type !== 'array') return [row(name, field)];
  const own = `| \`${name}\` | array${field.nullable ? ', null' : ''} | | | ${field.description} |`;
  return [own, ...Object.entries(field.items).map(([item, spec]) => row(`${name}[].${item}`, spec))];
}

function row(name: string, { type, nullable, unit, kind, reset, mayDecrease, key, description }: ScalarField): string {
  const kinds = [
    kind,
    ...(reset ? [`reset: ${reset}`] : []),
    ...(mayDecrease ? ['may decrease'] : []),
    ...(key ? ['key'] : []),
  ];
  return `| \`${name}\` | ${type}${nullable ? ', null' : ''} | ${unit ? `\`${unit}\`` : ''} | ${kinds.join(', ')} | ${description} |`;
}
