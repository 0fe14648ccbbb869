import { Flags } from '@oclif/core';
import type { View } from '../core/dataset/dataset-document.js';
import type { DatasetOptions } from '../core/dataset/dataset-options.js';
import { GRADES } from '../core/dataset/select/select-episodes.js';
import { DEFAULT_GROUP_BY, parseGroupKeys } from '../core/dataset/split/group-keys.js';
import { parseRatios, UNSPLIT } from '../core/dataset/split/parse-ratios.js';
import type { SplitBy } from '../core/dataset/split/splits-document.js';
import { CisError } from '../core/errors/cis-error.js';
import type { Grade } from '../core/grade/verdict.js';
import { formatDuration, parseDuration } from '../core/time/duration.js';

const VIEWS: readonly View[] = ['deployable', 'oracle', 'all'];
const MAX_SEED = 2 ** 32 - 1;

const duration = (description: string, value?: string) =>
  Flags.string({ description, helpValue: '1s', ...(value !== undefined && { default: value }) });

/** Flags that say how a data set is made. */
export const datasetFlags = {
  view: Flags.string({
    description:
      'What its columns are: deployable, oracle or all (again for more). Only deployable works in the field.',
    options: [...VIEWS],
    multiple: true,
    multipleNonGreedy: true,
    default: ['deployable'],
  }),
  source: Flags.string({
    description: 'Use this source (again for more) instead of all.',
    helpValue: 'NAME',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'skip-incomplete': Flags.boolean({ description: 'Leave out episodes that lack a source, instead of refusing all.' }),
  'min-grade': Flags.string({ description: 'The worst grade that passes.', options: [...GRADES], default: 'ok' }),
  grid: duration('Time between two aligned rows.', '1s'),
  'max-age': duration('A reading that is older is none. Default: the grid, or two intervals of the source.'),
  guard: duration("So far from a label's begin and end it does not count, beyond its own uncertainty.", '200ms'),
  window: duration('Also make statistics over windows of this length.'),
  stride: duration('Time between two windows. Default: their length.'),
  'keep-residual': Flags.boolean({ description: 'Keep benign rows that come after malicious ones.' }),
  split: Flags.string({
    description: 'Percent for train/test, or train/validation/test. Default: all is train.',
    helpValue: '70/15/15',
  }),
  'split-by': Flags.string({
    description: 'Whole groups on one side, or the earlier episodes for training.',
    options: ['groups', 'time'],
    default: 'groups',
  }),
  'group-by': Flags.string({
    description: `What keeps episodes on one side. Default: ${DEFAULT_GROUP_BY.join(',')}; by time none.`,
    helpValue: 'KEY,KEY',
  }),
  seed: Flags.integer({
    description: 'Decides between splits that are equally good.',
    min: 0,
    max: MAX_SEED,
    default: 0,
  }),
};

interface ParsedFlags {
  readonly view: string[];
  readonly source?: string[] | undefined;
  readonly 'skip-incomplete': boolean;
  readonly 'min-grade': string;
  readonly grid?: string | undefined;
  readonly 'max-age'?: string | undefined;
  readonly guard?: string | undefined;
  readonly window?: string | undefined;
  readonly stride?: string | undefined;
  readonly 'keep-residual': boolean;
  readonly split?: string | undefined;
  readonly 'split-by': string;
  readonly 'group-by'?: string | undefined;
  readonly seed: number;
}

/** Throws USAGE with what is wrong. */
export function datasetOptions(flags: ParsedFlags): DatasetOptions {
  const splitBy = flags['split-by'] as SplitBy;
  const gridNs = nanoseconds('--grid', flags.grid!);
  return {
    views: VIEWS.filter((view) => flags.view.includes(view)),
    minGrade: flags['min-grade'] as Grade,
    sources: flags.source,
    skipIncomplete: flags['skip-incomplete'],
    gridNs,
    guardNs: isZero(flags.guard!) ? 0 : nanoseconds('--guard', flags.guard!),
    maxAgeNs: flags['max-age'] === undefined ? undefined : nanoseconds('--max-age', flags['max-age']),
    ...windowOf(flags, gridNs),
    keepResidual: flags['keep-residual'],
    ratios: flags.split === undefined ? UNSPLIT : parseRatios(flags.split),
    splitBy,
    groupBy:
      flags['group-by'] !== undefined ? parseGroupKeys(flags['group-by']) : splitBy === 'time' ? [] : DEFAULT_GROUP_BY,
    seed: flags.seed,
  };
}

function windowOf({ window, stride }: ParsedFlags, gridNs: number): Pick<DatasetOptions, 'windowNs' | 'strideNs'> {
  if (window === undefined && stride !== undefined) throw new CisError('USAGE', '--stride needs a --window');
  return {
    windowNs: window === undefined ? undefined : onGrid('--window', window, gridNs),
    strideNs: stride === undefined ? undefined : onGrid('--stride', stride, gridNs),
  };
}

function onGrid(flag: string, text: string, gridNs: number): number {
  const ns = nanoseconds(flag, text);
  if (ns % gridNs === 0) return ns;
  throw new CisError(
    'USAGE',
    `${flag} is ${text}; it has to be a multiple of --grid, which is ${formatDuration(gridNs)}`,
  );
}

function nanoseconds(flag: string, text: string): number {
  const ns = parseDuration(text);
  if (ns === null)
    throw new CisError('USAGE', `${flag} is ${JSON.stringify(text)}; a time is a number above 0 with ms, s, m or h`);
  return ns;
}

const isZero = (text: string): boolean => /^0+(?:\.0+)?(?:ms|s|m|h)$/.test(text);
