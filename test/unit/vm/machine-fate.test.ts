import { expect, test } from 'vitest';
import { MachineFate } from '../../../src/core/vm/machine-fate.js';

const event = (name: string, data: object) => ({ name, data: data as Record<string, unknown> }) as never;

test('why a machine shut down is what its own monitor told, and no other machine’s', () => {
  const [first, second] = [new MachineFate(), new MachineFate()];
  first.take(event('SHUTDOWN', { reason: 'guest-panic' }));
  expect([first.shutdown, second.shutdown]).toEqual(['guest-panic', undefined]);
});

test.each([
  [{ action: 'stop', nospace: true, reason: 'No space left on device' }, 'ENOSPC', /No space left/],
  [{ action: 'stop', nospace: false }, 'EIO', /I\/O error/],
  [{ action: 'stop', reason: { toString: null } }, 'EIO', /toString/],
])('a machine whose disk %j has failed', async (data, code, message) => {
  const fate = new MachineFate();
  fate.take(event('BLOCK_IO_ERROR', data));
  expect(await fate.failed).toMatchObject({ code, message: expect.stringMatching(message) });
});

test('one that goes on in spite of an error has not', async () => {
  const fate = new MachineFate();
  fate.take(event('BLOCK_IO_ERROR', { action: 'report' }));
  expect(await Promise.race([fate.failed, 'goes on'])).toBe('goes on');
});
