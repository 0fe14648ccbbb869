import { expect, test } from 'vitest';
import cgroup from '../../../src/plugins/cgroup/index.js';
import { cgroupCase } from '../support/cgroup-case.js';
import { reading, unreadable } from '../support/readings.js';

const TARGET = { type: 'pid', pid: 42, startTimeTicks: 1n } as const;
const V2 = '31 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n';

/** What keeps the files of this machine from being named. */
function refusal(membership = reading('0::/x\n', '/proc/42/cgroup'), mountinfo = reading(V2)) {
  try {
    cgroup.files({}, TARGET, { membership, mountinfo });
  } catch (error) {
    return error as Error & { remedy: string };
  }
  throw new Error('nothing keeps them');
}

test('no mount of v2 is told with how to make one', () => {
  const { message, remedy } = refusal(undefined, reading(V2.replaceAll('cgroup2', 'cgroup'), '/proc/self/mountinfo'));
  expect(message).toBe('/proc/self/mountinfo shows no mount of cgroup v2');
  expect(remedy).toMatch(/mount -t cgroup2/);
});

test.each([
  ['of v1 alone', reading('1:name=systemd:/\n', '/proc/42/cgroup')],
  ['that can not be read', unreadable('ENOENT', '/proc/42/cgroup')],
])('a membership %s is told', (_, membership) => {
  expect(refusal(membership)).toMatchObject({
    message: expect.stringMatching(/^\/proc\/42\/cgroup has no line "0::"/),
  });
});

test('a group that a container can not see is told with how to see it', () => {
  const { message, remedy } = refusal(reading('0::/../..\n'));
  expect(message).toMatch(/^the group \/\.\.\/\.\. of the target lies outside of every mount/);
  expect(remedy).toMatch(/--cgroupns=host/);
});

test('a target without a process is refused in words', () => {
  expect(() => cgroup.locate!({}, { ...TARGET, pid: null })).toThrow(/observes one process/);
});

test('cpu.stat has to be there; where the target is, is read first: it tells first that the target is gone', () => {
  const { specs } = cgroupCase('service-on-debian-12/0');
  expect(Object.entries(specs).slice(0, 3)).toEqual([
    ['membership', '/proc/4242/cgroup'],
    ['cpuStat', '/sys/fs/cgroup/system.slice/x.service/cpu.stat'],
    ['cpuPressure', { path: '/sys/fs/cgroup/system.slice/x.service/cpu.pressure', optional: true }],
  ]);
});

test.each([
  ['0::/\n', '/'],
  ['0::/x.service\n', '/x.service'],
  ['0::/system.slice/x.service/below\n', '/system.slice/x.service/below'],
  ['1:name=systemd:/\n', '(none)'],
])('a target that moved to %j costs its samples', (membership, group) => {
  const moved = cgroupCase('service-on-debian-12/0', { membership });
  expect(moved.row).toThrow(
    expect.objectContaining({
      code: 'CGROUP_MOVED',
      message: `the target has moved to the group ${group}, and the readings are of /sys/fs/cgroup/system.slice/x.service`,
    }),
  );
});
