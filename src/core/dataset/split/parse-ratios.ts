import { CisError } from '../../errors/cis-error.js';

/** One side of a split. */
export interface Ratio {
  readonly split: string;
  /** Of all, above 0; those of a split add up to 100. */
  readonly percent: number;
}

/** Nothing was split: all is for training. */
export const UNSPLIT: readonly Ratio[] = [{ split: 'train', percent: 100 }];

const NAMES: Readonly<Record<number, readonly string[]>> = {
  2: ['train', 'test'],
  3: ['train', 'validation', 'test'],
};
/** Decimals that a part may have; what adds up is counted in units of the last. */
const PART = /^(\d{1,3})(?:\.(\d{1,4}))?$/;
const DECIMALS = 4;
const WHOLE = 100 * 10 ** DECIMALS;

/** Reads `70/15/15` (train, validation, test) or `80/20` (train, test). Throws USAGE. */
export function parseRatios(text: string): Ratio[] {
  const parts = text.split('/').map((part) => part.trim());
  const names = NAMES[parts.length];
  if (names === undefined) throw wrong(text, 'has to have two parts (train/test) or three (train/validation/test)');
  const units = parts.map((part) => unitsOf(part, text));
  const sum = units.reduce((a, b) => a + b);
  if (sum !== WHOLE) throw wrong(text, `has to add up to 100, and adds up to ${percent(sum)}`);
  return names.map((split, i) => ({ split, percent: percent(units[i]!) }));
}

/** In integers: 33.3 + 33.3 + 33.4 is 100. */
function unitsOf(part: string, text: string): number {
  const [, whole, decimals = ''] = PART.exec(part) ?? [];
  if (whole === undefined) throw wrong(text, `has the part ${JSON.stringify(part)}, which is no share of 100`);
  const units = Number(whole + decimals.padEnd(DECIMALS, '0'));
  if (units === 0) throw wrong(text, 'has a part of nothing: leave that split out');
  return units;
}

const percent = (units: number): number => units / 10 ** DECIMALS;

function wrong(text: string, what: string): CisError {
  return new CisError('USAGE', `the split ${JSON.stringify(text)} ${what}`, {
    hint: 'It is like 70/15/15 (train/validation/test) or 80/20 (train/test).',
  });
}
