import { expect, onTestFinished, test, vi } from 'vitest';
import { tryProgram } from '../../../src/core/lab/probe/probe-item.js';

test('a program of the system is found also by who has no folder of such in PATH', async () => {
  vi.stubEnv('PATH', '/usr/bin:/bin');
  onTestFinished(() => void vi.unstubAllEnvs());
  // of util-linux, in /usr/sbin on each Debian
  const options = { argv: ['losetup', '--version'], timeoutMs: 10_000, remedy: 'none' } as const;
  expect(await tryProgram('losetup', options)).toMatchObject({
    status: 'ok',
    detail: expect.stringContaining('losetup'),
  });
});
