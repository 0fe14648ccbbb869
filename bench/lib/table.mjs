const COLUMNS = [
  ['case', ({ name }) => name],
  ['figure', ({ figure }) => figure],
  ['baseline', ({ baseline }) => baseline],
  ['ratio', ({ ratio }) => ratio?.toFixed(2)],
  ['bar', ({ bar }) => bar],
  ['', ({ isOk }) => (isOk === undefined ? undefined : isOk ? 'ok' : 'over')],
];

/** Prints rows of `{name, figure, baseline?, ratio?, bar?, isOk?}`, all of them text but for ratio and isOk. */
export function printTable(rows) {
  const cells = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, read]) => read(row) ?? '-'))];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  for (const line of cells)
    process.stdout.write(
      `${line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join(' | ')
        .trimEnd()}\n`,
    );
}
