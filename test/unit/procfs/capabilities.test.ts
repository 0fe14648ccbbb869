import { expect, test } from 'vitest';
import { missingCapabilities } from '../../../src/core/procfs/capabilities.js';

const status = (mask: string) => `Name:\tx\nCapPrm:\t000001ffffffffff\nCapEff:\t${mask}\nCapBnd:\t0\n`;

test.each<[string, string[]]>([
  ['0000000000000000', ['CAP_CHOWN', 'CAP_SYS_PTRACE', 'CAP_PERFMON']],
  ['0000000000000001', ['CAP_SYS_PTRACE', 'CAP_PERFMON']],
  ['0000000000080000', ['CAP_CHOWN', 'CAP_PERFMON']],
  ['0000004000080001', []],
])('with the effective mask %s, %j are missing', (mask, missing) => {
  expect(missingCapabilities(status(mask), ['CAP_CHOWN', 'CAP_SYS_PTRACE', 'CAP_PERFMON'])).toEqual(missing);
});

test('a capability that nobody knows is always missing', () => {
  expect(missingCapabilities(status('000001ffffffffff'), ['CAP_FLY'])).toEqual(['CAP_FLY']);
});
