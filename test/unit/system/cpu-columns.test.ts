import { expect, test } from 'vitest';
import { parseSystemCase } from '../support/system-case.js';

const OLDEST = { cpu_user_jiffies: 100, cpu_nice_jiffies: 2, cpu_sys_jiffies: 30, cpu_idle_jiffies: 4000 };
const NEWER = { cpu_iowait_jiffies: 50, cpu_irq_jiffies: 6, cpu_softirq_jiffies: 7, cpu_steal_jiffies: 8 };
const NONE = { cpu_iowait_jiffies: null, cpu_irq_jiffies: null, cpu_softirq_jiffies: null, cpu_steal_jiffies: null };

test.each([
  ['cpu-of-8-columns', NEWER],
  ['cpu-of-10-columns', NEWER],
  ['cpu-of-4-columns', NONE],
])('%s', (name, newer) => {
  const row = parseSystemCase(name);
  expect(row).toMatchObject({ ...OLDEST, ...newer });
  expect(row).toMatchObject({ interrupts: 557605, context_switches: 997391, procs_blocked: 1 });
});
