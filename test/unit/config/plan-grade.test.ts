import { describe, expect, test } from 'vitest';
import { resolvedConfig } from '../../../src/core/config/resolved-config.js';
import { readJson } from '../../support/cli.js';
import { schemas } from '../../support/schemas.js';
import { planOf, problemsOf, TARGET } from '../support/plan-harness.js';

const config = (grade: object) => ({ target: TARGET, grade });
const { properties } = readJson(`${schemas}/config.schema.json`).$defs.grade;
const documented = Object.fromEntries(
  Object.entries<{ default: unknown }>(properties).map(([key, { default: value }]) => [key, value]),
);

test('the defaults are those that the schema tells', () => {
  expect(planOf(config(documented)).grade).toEqual(planOf({ target: TARGET }).grade);
});

test('each key is filled in by itself', () => {
  const { grade } = planOf(config({ missed_share: 0, longest_gap: '250ms' }));
  expect(grade).toEqual({ ...planOf({ target: TARGET }).grade, missed_share: 0, longest_gap_ns: 250e6 });
});

test('what the episode was held to stands in the resolved configuration, which the schema of meta.json knows', () => {
  const plan = planOf(config({ label_uncertainty: '0s' }));
  const { grade } = resolvedConfig(plan);
  expect(grade).toEqual({ ...planOf({ target: TARGET }).grade, label_uncertainty_ns: 0 });
  const known = readJson(`${schemas}/meta.schema.json`).properties.config.properties.grade;
  expect(Object.keys(grade as object)).toEqual(known.required);
});

test('a tick is late after that share of its own interval', () => {
  const { collectors } = planOf({
    ...config({ lateness_share: 0.25 }),
    collectors: { host_proc: { interval: '20ms' }, system: { interval: '2s' } },
  });
  expect(collectors.map(({ lateAfterNs }) => lateAfterNs)).toEqual([5e6, 500e6]);
});

describe('one sentence with path and value for', () => {
  test.each<[object, RegExp]>([
    [{ longest_pause: '1s' }, /^grade\.longest_pause: there is no such key; there are missed_ticks, /],
    [{ missed_ticks: -1 }, /^grade\.missed_ticks is -1/],
    [{ missed_ticks: 1.5 }, /^grade\.missed_ticks is 1\.5/],
    [{ missed_share: 1.1 }, /^grade\.missed_share is 1\.1/],
    [{ label_coverage: '90%' }, /^grade\.label_coverage is "90%"/],
    [{ longest_gap: 2 }, /^grade\.longest_gap is 2/],
    [{ longest_gap: '2' }, /^grade\.longest_gap is "2"; it must be a duration with its unit/],
    [{ clock_drift: '3000h' }, /^grade\.clock_drift is "3000h"; it must be .*at most 104 days/],
  ])('%j', (grade, sentence) => {
    const problems = problemsOf(config(grade));
    expect(problems).toEqual([expect.stringMatching(sentence)]);
  });
});
