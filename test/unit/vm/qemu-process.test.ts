import { expect, test } from 'vitest';
import { asUser, qemuVersion } from '../../../src/core/vm/qemu-process.js';
import { fakeMachine } from '../support/fake-tools.js';

const NOBODY = { uid: 65_534, gid: 65_534, groups: [] };

test('without setpriv no QEMU is run as root', () => {
  fakeMachine({ 'bin/other': '' });
  expect(asUser(null)).toEqual([]);
  expect(() => asUser(NOBODY)).toThrow(
    expect.objectContaining({ code: 'LAB_TOOL_MISSING', hint: expect.stringContaining('util-linux') }),
  );
});

test('a QEMU that is there and does not work is told in its own words', async () => {
  fakeMachine({ 'bin/qemu-system-x86_64': '#!/bin/sh\necho "libpixman-1.so.0: cannot open" >&2; exit 127\n' });
  await expect(qemuVersion()).rejects.toMatchObject({
    code: 'TARGET_UNSTARTABLE',
    message: expect.stringContaining('libpixman-1.so.0: cannot open'),
    hint: expect.stringContaining('apt-get install --reinstall'),
  });
});
