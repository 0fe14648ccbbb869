/** What acts in Markdown, in the HTML within it, in a table or in formulas. */
const ACTIVE = /[\\`*_[\]<>&|~$]/g;
/** What is not to be seen, or would end the line. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** Text from elsewhere, in one line, that shows as it is and does nothing. */
export const plainText = (text: string): string => text.replace(INVISIBLE, ' ').replace(ACTIVE, '\\$&');

/** The same as code. Where the text has backticks, the fence has more of them. */
export function code(text: string): string {
  const line = text.replace(INVISIBLE, ' ');
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A block of code in some language. */
export function codeBlock(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

/** A table; cells are Markdown already. A number's column is set to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const rule = head.map((_, column) => (rows.every((row) => typeof row[column] === 'number') ? '--:' : '---'));
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(cellText).join(' | ')} |`;
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

/** Even within code a "|" ends a cell. */
const cellText = (cell: string | number): string => String(cell).replace(/(?<!\\)\|/g, '\\|');
