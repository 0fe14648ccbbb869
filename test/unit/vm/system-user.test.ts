import { expect, onTestFinished, test, vi } from 'vitest';
import { unprivilegedUser } from '../../../src/core/vm/system-user.js';

function asUser(uid: number): void {
  const spy = vi.spyOn(process as { getuid(): number }, 'getuid').mockReturnValue(uid);
  onTestFinished(() => spy.mockRestore());
}

test('who is not root has nothing to give up', () => {
  asUser(1000);
  expect(unprivilegedUser()).toBe(null);
});

test('root has QEMU run as nobody, who is not root', () => {
  asUser(0);
  const user = unprivilegedUser()!;
  expect(user.uid).toBeGreaterThan(0);
  expect(user.gid).toBeGreaterThan(0);
  expect(user.groups).not.toContain(0);
});
