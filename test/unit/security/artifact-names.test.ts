import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WorkerContext } from '../../../src/core/collection/worker-context.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** The context of a collector whose artifacts go into `folder`. */
function contextIn(folder: string): WorkerContext {
  const context = new WorkerContext({ setup: {}, state: {}, events: {}, prints: {} } as never);
  context.artifactStem = join(folder, 'gpu');
  return context;
}

test.each([
  ...['', '.', '..', '../x', 'a/b', '/etc/passwd', 'a\0', 'a\n', '.hidden', '-rf', 'a b', 'a'.repeat(65)],
  ...['%2e%2e%2fx', 'ｘ', 'а', 'x\u202e', 'x\u200b', '__proto__'],
])('%j is the name of no artifact', (name) => {
  const folder = temporaryFolder();
  expect(() => contextIn(folder).artifact(name)).toThrow(/an artifact's name has letters, digits/);
  expect(readdirSync(folder)).toEqual([]);
});

test.each(['trace.bin', 'a..b', 'A-1_x', 'constructor'])('%s is one, and stays beside the others', (name) => {
  const folder = temporaryFolder();
  const artifact = contextIn(folder).artifact(name);
  artifact.write('x');
  artifact.close();
  expect(readdirSync(folder)).toEqual([`gpu.${name}`]);
});
