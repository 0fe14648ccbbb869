import { sanitize } from './sanitize.js';

/** Markup that is safe as it stands. Made by `html` alone, so that nothing else gets into a page unescaped. */
export class Html {
  readonly #markup: string;

  /** Of markup that the program itself has; never of text from elsewhere. */
  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** Nothing. */
export const NOTHING = new Html('');

/** What may stand in a template: text is escaped, `null` and `false` are left out, lists are put one behind the other. */
export type Content = Html | string | number | bigint | null | undefined | false | readonly Content[];

/** A piece of a page: `html\`<p>${text}</p>\``. Text may come from anywhere; attributes need their quotes. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(parts.map((part, i) => (i < contents.length ? part + markupOf(contents[i]) : part)).join(''));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in an element or a quoted attribute; what hides or turns text around is spelled out. */
export function escapeHtml(text: string): string {
  return sanitize(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function markupOf(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Html) return content.toString();
  return Array.isArray(content) ? content.map(markupOf).join('') : escapeHtml(String(content));
}

/** JSON that may stand in a script element: nothing in it ends that, or begins a comment. */
export function jsonForScript(data: unknown): string {
  return JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
