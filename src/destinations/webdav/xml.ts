/** An element's beginning, its end, or text in one. Names are "{namespace}local". */
export type XmlEvent =
  | { readonly type: 'open' | 'close'; readonly name: string }
  | { readonly type: 'text'; readonly text: string };

/** Comment or instruction; CDATA; a tag with its slash, name, attributes and last slash; text. A DOCTYPE is none of them. */
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s/<>=!?"'&]+)((?:\s+[^\s/<>="'&]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /\s+([^\s/<>="'&]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const NAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }),
);

type Scope = ReadonlyMap<string, string>;

/**
 * Reads the XML that WebDAV servers answer with: namespaces are resolved, comments and instructions left out. A document type is
 * refused, and with it every entity but the five of XML itself: nothing can grow beyond its text. Throws SyntaxError.
 */
export function* xmlEvents(text: string): Generator<XmlEvent> {
  const open: { readonly tag: string; readonly scope: Scope }[] = [];
  for (const { cdata, slash, tag, attributes, isEmpty, chars } of tokens(text)) {
    if (tag === undefined) {
      const content = cdata ?? (chars === undefined ? '' : unescaped(chars));
      if (open.length === 0 && content.trim() !== '') throw new SyntaxError('text outside of all elements');
      if (content !== '') yield { type: 'text', text: content };
    } else if (slash) {
      const element = open.pop();
      if (element?.tag !== tag) throw new SyntaxError(`</${tag}> where ${element?.tag ?? 'nothing'} is open`);
      yield { type: 'close', name: expanded(tag, element.scope) };
    } else {
      const scope = inner(open.at(-1)?.scope ?? new Map(), attributes);
      yield { type: 'open', name: expanded(tag, scope) };
      if (isEmpty) yield { type: 'close', name: expanded(tag, scope) };
      else open.push({ tag, scope });
    }
  }
  if (open.length > 0) throw new SyntaxError(`<${open.at(-1)?.tag}> is not closed`);
}

function* tokens(text: string) {
  const token = new RegExp(TOKEN);
  token.lastIndex = text.startsWith('\ufeff') ? 1 : 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new SyntaxError(`no XML at character ${at}`);
    const [, cdata, slash, tag, attributes = '', last, chars] = match;
    yield { cdata, slash: slash === '/', tag, attributes, isEmpty: last === '/', chars };
  }
}

/** The namespaces inside of an element, by their prefixes. */
function inner(outer: Scope, attributes: string): Scope {
  if (!attributes.includes('xmlns')) return outer;
  const scope = new Map(outer);
  for (const [, name, double, single] of attributes.matchAll(ATTRIBUTE)) {
    const prefix = /^xmlns(?::(.+))?$/.exec(name!);
    if (prefix !== null) scope.set(prefix[1] ?? '', unescaped(double ?? single ?? ''));
  }
  return scope;
}

function expanded(tag: string, scope: Scope): string {
  const colon = tag.indexOf(':');
  const [prefix, local] = colon < 0 ? ['', tag] : [tag.slice(0, colon), tag.slice(colon + 1)];
  const namespace = scope.get(prefix);
  if (namespace === undefined && prefix !== '') throw new SyntaxError(`the prefix of <${tag}> is not declared`);
  return `{${namespace ?? ''}}${local}`;
}

const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(\w+));|&/gi, (all, hex, decimal, name) => {
    const character = hex || decimal ? fromCode(Number.parseInt(hex ?? decimal, hex ? 16 : 10)) : NAMED.get(name);
    if (character === undefined) throw new SyntaxError(`${all} stands for nothing`);
    return character;
  });

const fromCode = (code: number): string | undefined => (code <= 0x10ffff ? String.fromCodePoint(code) : undefined);
