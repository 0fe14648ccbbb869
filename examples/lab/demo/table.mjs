import { COLUMNS, NOTES, SIDES } from './signals.mjs';

/** The table as text, for a terminal of 80 columns: what `phaseMeans` gives, phase by phase. */
export function tableText(means) {
  const names = ['phase', ...COLUMNS.map(([, , name]) => name)];
  const units = ['', ...COLUMNS.map(([, , , unit]) => unit)];
  const body = means.map(({ phase, values }) => [phase, ...COLUMNS.map(([signal]) => numberText(values[signal]))]);
  const widths = names.map((_, column) => Math.max(...[names, units, ...body].map((line) => line[column].length)));
  const line = (cells) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join(' ');
  const rule = line(widths.map((width) => '-'.repeat(width)));
  const text = [sidesLine(widths), line(names), line(units), rule, ...body.map(line), '', ...NOTES];
  return `${text.map((row) => row.trimEnd()).join('\n')}\n`;
}

/** Each side above the first of its columns. */
function sidesLine([phaseWidth, ...widths]) {
  const groups = Object.entries(SIDES).map(([side, title]) => {
    const own = widths.filter((_, column) => COLUMNS[column][1] === side);
    return title.padEnd(own.reduce((sum, width) => sum + width + 1, -1));
  });
  return [' '.repeat(phaseWidth), ...groups].join(' ');
}

/** Two or three digits, as far as a person cares. */
function numberText(value) {
  if (value === null || value === undefined) return '-';
  if (value === 0) return '0';
  return value.toFixed(value >= 10 ? 0 : value >= 1 ? 1 : 2);
}
