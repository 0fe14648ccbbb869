import { expect, test } from 'vitest';
import { probeCollector } from '../../../src/core/collection/probe.js';
import type { AnyCollector, CollectorContext } from '../../../src/index.js';
import { SOUND } from '../support/definition.js';

const bare = { options: {}, target: null, roots: { proc: '/nowhere', sys: '/nowhere' } };
const context = bare as unknown as CollectorContext<Readonly<Record<string, unknown>>>;

function probeOf(change: object) {
  return probeCollector({ ...SOUND, ...change } as unknown as AnyCollector, context);
}

const throwing = (error: unknown) => ({
  files: () => {
    throw error;
  },
});

test('what makes the files impossible is told in words, with what would mend it', async () => {
  const error = Object.assign(new Error('no card'), { remedy: 'Put one in.' });
  expect(await probeOf(throwing(error))).toEqual({ status: 'unavailable', reason: 'no card', remedy: 'Put one in.' });
});

test.each([
  ['an error without a remedy', new Error('no card')],
  ['one whose remedy is no text', Object.assign(new Error('no card'), { remedy: 7 })],
  ['no error at all', 'no card'],
])('%s is told without one', async (_, thrown) => {
  expect(await probeOf(throwing(thrown))).toEqual({ status: 'unavailable', reason: 'no card' });
});

test('a file that is located but missing is told', async () => {
  expect(await probeOf({ locate: () => ({ where: '/proc/where' }) })).toMatchObject({
    status: 'unavailable',
    reason: expect.stringContaining('ENOENT'),
  });
});
