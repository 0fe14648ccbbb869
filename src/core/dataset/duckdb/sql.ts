/** A name of a column or table, whatever is in it. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Paths to be read as they are: DuckDB takes `*`, `?` and `[` in them for patterns. */
export const fileList = (paths: readonly string[]): string =>
  `[${paths.map((path) => quoteText(path.replace(/[*?[]/g, '[$&]'))).join(', ')}]`;

/** Rows as a table: `(VALUES (...), (...)) AS name(columns)`. */
export function values(name: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const list = rows.map((row) => `(${row.join(', ')})`).join(', ');
  return `(VALUES ${list}) AS ${name}(${columns.map(quoteName).join(', ')})`;
}
