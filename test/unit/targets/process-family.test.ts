import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { readProcessStat } from '../../../src/core/procfs/process-stat.js';
import { endFamily } from '../../../src/core/targets/process-family.js';
import { until } from '../../support/cli.js';

const [DAEMON, NOBODY] = [1, 65_534];

test.skipIf(process.getuid?.() !== 0)('what is not ours to end is given up after a few rounds, and told', async () => {
  const child = spawn('setpriv', [`--reuid=${DAEMON}`, '--clear-groups', 'sleep', '600'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const stat = () => readProcessStat('/proc', child.pid!)!;
  await until(() => stat().comm === 'sleep');
  const { startTimeTicks } = stat();
  process.seteuid!(NOBODY);
  onTestFinished(() => process.seteuid!(0)); // before the child is ended
  const isGone = await endFamily({ leader: { pid: child.pid!, startTimeTicks }, marks: { CIS490_EPISODE: 'no such' } });
  expect(isGone).toBe(false);
  expect(child.exitCode ?? child.signalCode).toBe(null);
});
