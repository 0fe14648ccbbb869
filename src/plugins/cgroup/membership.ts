import { dirname } from 'node:path';
import type { FileReading } from '../../index.js';
import { wholeLines } from '../../procfs.js';
import { groupFolder, groupPath, hasHierarchy } from './group-folder.js';

/** The folder of the group that the target is in. Throws, with a remedy, what keeps it from being found. */
export function requireFolder(membership: FileReading, mountinfo: FileReading): string {
  const mounts = wholeLines(mountinfo);
  if (!hasHierarchy(mounts))
    throw unavailable(
      `${mountinfo.path} shows no mount of cgroup v2`,
      'boot with systemd.unified_cgroup_hierarchy=1; or, as root: mkdir /run/cgroup2 && mount -t cgroup2 none /run/cgroup2',
    );
  const path = groupPath(wholeLines(membership));
  if (path === null)
    throw unavailable(
      `${membership.path} has no line "0::", so the target is in no group of cgroup v2`,
      'use a kernel with cgroup v2, and a target whose files in /proc you may read',
    );
  const folder = groupFolder(path, mounts);
  if (folder === null)
    throw unavailable(
      `the group ${path} of the target lies outside of every mount of cgroup v2 that cis490 sees`,
      'run cis490 outside of its container, or give that the whole hierarchy: docker run --cgroupns=host -v /sys/fs/cgroup:/sys/fs/cgroup:ro',
    );
  return folder;
}

const unavailable = (reason: string, remedy: string) => Object.assign(new Error(reason), { remedy });

/** Throws CGROUP_MOVED where the target is no longer in the group that `reading` is of. */
export function requireSameGroup(then: FileReading, now: FileReading, reading: FileReading): void {
  const path = groupPath(wholeLines(now));
  if (path === groupPath(wholeLines(then))) return;
  const message = `the target has moved to the group ${path ?? '(none)'}, and the readings are of ${dirname(reading.path)}`;
  throw Object.assign(new Error(message), { code: 'CGROUP_MOVED' });
}
