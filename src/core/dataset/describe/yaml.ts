export type YamlValue = string | number | boolean | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** Prints plain data as YAML in ASCII, ends in a line feed. Keys are our own words; every string is quoted. */
export function yaml(value: { readonly [key: string]: YamlValue }): string {
  return `${block(value, '').join('\n')}\n`;
}

/** A double-quoted scalar that YAML 1.1 and 1.2 read alike: no text from elsewhere ends it or means anything in it. */
function yamlString(text: string): string {
  return `"${[...text].map(escaped).join('')}"`;
}

function block(value: readonly YamlValue[] | { readonly [key: string]: YamlValue }, indent: string): string[] {
  return isList(value)
    ? value.flatMap((item) => entry(`${indent}-`, item, `${indent}  `))
    : Object.entries(value).flatMap(([key, member]) => entry(`${indent}${key}:`, member, `${indent}  `));
}

function entry(head: string, value: YamlValue, indent: string): string[] {
  if (typeof value === 'string') return [`${head} ${yamlString(value)}`];
  if (typeof value !== 'object') return [`${head} ${value}`];
  const lines = block(value, indent);
  if (lines.length === 0) return [`${head} ${isList(value) ? '[]' : '{}'}`];
  // what is in a list begins on the line of its dash
  return head.endsWith('-') ? [`${head} ${lines[0]!.trimStart()}`, ...lines.slice(1)] : [head, ...lines];
}

const isList = (value: object): value is readonly YamlValue[] => Array.isArray(value);

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const code = character.codePointAt(0)!;
  if (code >= 0x20 && code < 0x7f) return character;
  if (code >= 0xd800 && code <= 0xdfff) return '\\uFFFD'; // half of a pair is no character
  const hex = code.toString(16).toUpperCase();
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
