import { describe, expect, test } from 'vitest';
import { problemsOf, TARGET } from '../support/plan-harness.js';

const phase = { name: 'a', label: 'benign', duration: '10s' };
const collector = (settings: unknown) => ({ target: TARGET, collectors: { system: settings } });

describe('one sentence with path and value for', () => {
  test.each<[string, RegExp, object]>([
    [
      'phases that do not add up',
      /^duration is "30s", but the phases add up to 10s/,
      { target: TARGET, phases: [phase], duration: '30s' },
    ],
    [
      'two phases of one name',
      /^phases\[1\]\.name is "a", which an earlier phase has/,
      { target: TARGET, phases: [phase, phase] },
    ],
    [
      'a label that is not listed',
      /^phases\[0\]\.label is "miner"; it must be one of benign, malicious, unknown, unlabelled, own, or be listed in "classes"/,
      { target: TARGET, classes: ['own'], phases: [{ ...phase, label: 'miner' }] },
    ],
    [
      'a phase of no time',
      /^phases\[0\]\.duration is "0s"/,
      { target: TARGET, phases: [{ ...phase, duration: '0s' }] },
    ],
    [
      'a phase without a label',
      /^phases\[0\]\.label is missing/,
      { target: TARGET, phases: [{ name: 'a', duration: '1s' }] },
    ],
    [
      'oneshot without run',
      /^phases\[0\]\.run is missing: "oneshot" needs it/,
      { target: TARGET, phases: [{ ...phase, oneshot: true }] },
    ],
    [
      'a technique that is none',
      /^phases\[0\]\.technique is "1496".*MITRE/,
      { target: TARGET, phases: [{ ...phase, technique: '1496' }] },
    ],
    ['an order of no phases', /^phases is missing: "order" needs it$/, { target: TARGET, order: 'shuffled' }],
    [
      'an order that there is not',
      /^order is "random"; it must be one of "given", "shuffled"$/,
      { target: TARGET, phases: [phase], order: 'random' },
    ],
    ['no phases at all', /^phases is \[\]/, { target: TARGET, phases: [] }],
    ['an interval of 0ms', /^collectors\.system\.interval is "0ms"/, collector({ interval: '0ms' })],
    [
      'an interval below 1ms',
      /^collectors\.system\.interval is "0.5ms"; the shortest is 1ms/,
      collector({ interval: '0.5ms' }),
    ],
    [
      'an interval without a unit',
      /^collectors\.system\.interval is "100".*like "100ms"/,
      collector({ interval: '100' }),
    ],
    ['an interval that is a number', /^collectors\.system\.interval is 100/, collector({ interval: 100 })],
    [
      'a vantage that there is not',
      /^collectors\.system\.vantage is "moon"; it must be one of "local", "guest"$/,
      collector({ vantage: 'moon' }),
    ],
    ['options that are no mapping', /^collectors\.system\.options is \["a"\]/, collector({ options: ['a'] })],
    [
      'an unknown key of a collector',
      /^collectors\.system\.intervall: there is no such key; there are interval, use, vantage, optional, options$/,
      collector({ intervall: '1s' }),
    ],
    [
      'a source in kebab-case',
      /^collectors: "host-proc" is no valid name/,
      { target: TARGET, collectors: { 'host-proc': {} } },
    ],
    ['a duration of 0s', /^duration is "0s"; it must be longer than 0/, { target: TARGET, duration: '0s' }],
    ['a duration of a year', /^duration is "8760h"; .*at most 104 days/, { target: TARGET, duration: '8760h' }],
    ['a missing target', /^target is missing: give --target-pid PID, -- COMMAND ARG\.\.\., or "target"/, {}],
    ['a target of an unknown type', /^target\.type is "docker"/, { target: { type: 'docker' } }],
    ['a target without a type', /^target\.type/, { target: { pid: 1 } }],
    ['a target that is a word', /^target is "machine"/, { target: 'machine' }],
    ['a pid of 0', /^target\.pid is 0/, { target: { type: 'pid', pid: 0 } }],
    ['a pid that is a string', /^target\.pid is "1"/, { target: { type: 'pid', pid: '1' } }],
    ['a command without words', /^target\.argv is \[\]/, { target: { type: 'command', argv: [] } }],
    ['a NUL in a command', /^target\.argv\[1\] is "a\\u0000b"/, { target: { type: 'command', argv: ['x', 'a\0b'] } }],
    [
      'a pid for a machine',
      /^target\.pid: there is no such key; there are type$/,
      { target: { type: 'machine', pid: 1 } },
    ],
    [
      'another target under profile deployment',
      /^target\.type is "pid"; profile "deployment" .* "machine"/,
      { target: TARGET, profile: 'deployment' },
    ],
    [
      'a profile that there is not',
      /^profile is "prod"; it must be one of "lab", "deployment"/,
      { target: TARGET, profile: 'prod' },
    ],
    [
      'an unknown key',
      /^colectors: there is no such key; there are .*\btarget, .*collectors/,
      { target: TARGET, colectors: {} },
    ],
    ['a digest in upper case', /^sample\.sha256 is "A{64}"/, { target: TARGET, sample: { sha256: 'A'.repeat(64) } }],
    [
      'a date that is none',
      /^sample\.first_seen is "2026-02-30".*A date/,
      { target: TARGET, sample: { first_seen: '2026-02-30' } },
    ],
    ['a tag that is there twice', /^tags is \["a","a"\]/, { target: TARGET, tags: ['a', 'a'] }],
  ])('%s', (_, sentence, config) => {
    expect(problemsOf(config)).toEqual([expect.stringMatching(sentence)]);
  });
});

test.each([[null], ['text'], [7], [[]]])('a configuration is a mapping, not %j', (raw) => {
  expect(problemsOf(raw)).toEqual(['the configuration is not a mapping of keys to values']);
});

test('a long value is shown in part', () => {
  const [problem] = problemsOf({ target: TARGET, duration: 'x'.repeat(10_000) });
  expect(problem?.length).toBeLessThan(300);
});
