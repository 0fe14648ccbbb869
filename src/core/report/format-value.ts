const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const KILO = 1_000;
const DIGITS = 4;
const MOST_DECIMALS = 6;
/** A step of 0.1 is a little more or less than that. */
const ROUNDING = 1e-6;

/** A value with its unit, in about four digits: `1.679 MB/s`, `12.5 %`, `0`. Null is a dash. */
export function formatValue(value: number | null, unit: string): string {
  if (value === null) return '–';
  const { text, prefix } = scaled(value, unit);
  if (unit === '') return `${text}${prefix}`;
  // a byte is a unit, of which there are kilobytes; a fault is a word
  return unit.startsWith('B') ? `${text} ${prefix}${unit}` : `${text}${prefix} ${unit}`;
}

/** The same without its unit, for an axis; `1.2M`. */
export function formatTick(value: number, unit: string): string {
  const { text, prefix } = scaled(value, unit);
  return `${text}${prefix}`;
}

/** Ticks of one axis, in as many digits as tell them apart. */
export function formatTicks(values: readonly number[], unit: string): string[] {
  const power = powerOf(Math.max(...values.map(Math.abs)), unit);
  const step = Math.abs((values[1] ?? 0) - (values[0] ?? 0)) / KILO ** power;
  const decimals = step > 0 ? Math.min(MOST_DECIMALS, Math.max(0, Math.ceil(-Math.log10(step) - ROUNDING))) : 0;
  return values.map((value) => {
    const text = (value / KILO ** power).toFixed(decimals);
    return `${text.includes('.') ? text.replace(/\.?0+$/, '') : text}${value === 0 ? '' : PREFIXES[power]}`;
  });
}

function scaled(value: number, unit: string): { readonly text: string; readonly prefix: string } {
  const power = powerOf(Math.abs(value), unit);
  const text = shortened(value / KILO ** power);
  return { text, prefix: PREFIXES[power]! };
}

/** A share and a time have no prefixes; a KiB has one already. */
function powerOf(size: number, unit: string): number {
  const takesPrefix = unit !== '%' && unit !== 's' && !unit.startsWith('KiB') && size >= KILO * 10;
  return takesPrefix ? Math.min(PREFIXES.length - 1, Math.floor(Math.log10(size) / 3)) : 0;
}

function shortened(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const rounded = Number(value.toPrecision(DIGITS));
  return Math.abs(rounded) >= 1e6 || (rounded !== 0 && Math.abs(rounded) < 1e-3)
    ? rounded.toExponential(2)
    : String(rounded);
}

/** Seconds as a clock shows them, where there are many: `12.5 s`, `3:07`, `1:02:03`. */
export function formatTime(seconds: number, decimals = 3): string {
  const sign = seconds < 0 ? '−' : '';
  const size = Math.abs(seconds);
  if (size < 120) return `${sign}${Number(size.toFixed(decimals))} s`;
  const [hours, minutes, rest] = [
    Math.floor(size / 3600),
    Math.floor(size / 60) % 60,
    Number((size % 60).toFixed(decimals)),
  ];
  const two = (part: number) => `${part < 10 ? '0' : ''}${part}`;
  return hours > 0 ? `${sign}${hours}:${two(minutes)}:${two(rest)}` : `${sign}${minutes}:${two(rest)}`;
}
