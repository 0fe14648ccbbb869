import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { VirtualMachine } from '../../../src/core/vm/virtual-machine.js';
import { fakeMachine } from '../support/fake-tools.js';
import { machineSpec } from '../support/machine-spec.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Starts a machine whose QEMU does this. */
function startOf(script: string) {
  const tmp = temporaryFolder();
  fakeMachine({ 'bin/qemu-system-x86_64': `#!/bin/sh\n${script}\n` });
  vi.stubEnv('TMPDIR', tmp);
  onTestFinished(() => void vi.unstubAllEnvs());
  const givenUp = new AbortController();
  const said: string[] = [];
  const started = VirtualMachine.start({
    spec: machineSpec(),
    user: null,
    marks: { CIS490_EPISODE: `TEST${process.pid}` },
    wrapper: [],
    statePath: null,
    signal: givenUp.signal,
    onEvent() {},
    onConsole() {},
    onMessage: (chunk) => void said.push(String(chunk)),
  });
  started.catch(() => {});
  return { tmp, started, said, giveUp: () => givenUp.abort(new Error('given up')) };
}

test('a start that is given up before the monitor is there ends at once, and leaves nothing', async () => {
  const { tmp, started, said, giveUp } = startOf('echo runs >&2; exec /bin/sleep 600');
  await vi.waitFor(() => expect(said.join('')).toContain('runs'), 10_000);
  const begun = performance.now();
  giveUp();
  await expect(started).rejects.toThrow();
  expect(performance.now() - begun).toBeLessThan(8_000); // the monitor would be waited for ten seconds
  expect(readdirSync(tmp)).toEqual([]);
});

test('a QEMU that ends is told in its own words, and leaves nothing', async () => {
  const { tmp, started } = startOf('echo "no such device" >&2; exit 1');
  await expect(started).rejects.toMatchObject({
    code: 'TARGET_UNSTARTABLE',
    message: 'QEMU could not be started: no such device',
  });
  expect(readdirSync(tmp)).toEqual([]);
});
