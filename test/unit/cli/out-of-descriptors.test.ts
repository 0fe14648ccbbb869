import { expect, test, vi } from 'vitest';
import { isOutOfDescriptors, tellOutOfDescriptors } from '../../../src/cli/out-of-descriptors.js';

const emfile = Object.assign(new Error("EMFILE: too many open files, open 'x'"), { code: 'EMFILE' });

test.each([
  ['a file that could not be opened', emfile, true],
  ['a package.json that oclif could not read', new Error("could not find package.json with { root: '/x' }"), true],
  ['an unknown command', new Error('command nothing not found'), false],
])('%s', (_what, error, expected) => {
  expect(isOutOfDescriptors(error)).toBe(expected);
});

test('it is told in a sentence, with the exit code of what could not begin; other errors are thrown', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const before = process.exitCode;
  try {
    tellOutOfDescriptors(emfile);
    expect(process.exitCode).toBe(4);
    expect(String(write.mock.calls[0]![0])).toMatch(
      /^Error: the program could not be loaded: EMFILE: too many open files/,
    );
    expect(() => tellOutOfDescriptors(new TypeError('a defect'))).toThrow('a defect');
  } finally {
    process.exitCode = before;
    write.mockRestore();
  }
});
