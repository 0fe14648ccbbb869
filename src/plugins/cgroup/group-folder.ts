/** Which folder is the control group (v2) of a process, from proc_pid_cgroup(5) and proc_pid_mountinfo(5). Pure. */

/** The group of a process, as an absolute path in the hierarchy; null if it is in none. `text` as of `wholeLines`. */
export function groupPath(text: string): string | null {
  const label = '\n0::';
  const at = text.indexOf(label);
  return at < 0 ? null : decoded(text.slice(at + label.length, text.indexOf('\n', at + 1)));
}

interface Mount {
  readonly id: string;
  readonly parent: string;
  /** The folder of the file system that lies at `point`. */
  readonly root: string;
  readonly point: string;
  readonly type: string;
}

/** The folder of a group, and null where no mount shows it. `mountinfo` as of `wholeLines`. */
export function groupFolder(path: string, mountinfo: string): string | null {
  for (const { root, point } of visibleHierarchies(mountinfo)) {
    const inside = relativeTo(root, path);
    if (inside !== null) return point === '/' ? inside : point + inside;
  }
  return null;
}

/** Whether there is any mount of cgroup v2. */
export const hasHierarchy = (mountinfo: string): boolean => visibleHierarchies(mountinfo).length > 0;

/** The mounts of cgroup v2 that no later mount hides. */
function visibleHierarchies(mountinfo: string): Mount[] {
  const mounts = mountinfo.split('\n').flatMap(parseMount);
  return mounts.filter((mount) => mount.type === 'cgroup2' && !isHidden(mount, mounts));
}

/** "36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/root rw": optional fields end in a single dash. */
function parseMount(line: string): Mount[] {
  const [id, parent, , root, point] = line.split(' ', 5);
  const dash = line.indexOf(' - ');
  if (point === undefined || dash < 0) return [];
  const type = line.slice(dash + 3).split(' ', 1)[0]!;
  return [{ id: id!, parent: parent!, root: unescaped(root!), point: unescaped(point), type }];
}

/** Whether another mount lies on it, or over a folder above it. */
const isHidden = (mount: Mount, mounts: readonly Mount[]): boolean =>
  mounts.some(({ parent, point }) => parent === mount.id && point === mount.point) || isBelowAnother(mount, mounts);

/** Of two mounts with one parent, the one at a folder above came later: else it were the parent of the other. */
function isBelowAnother(mount: Mount, mounts: readonly Mount[]): boolean {
  const above = mounts.find(({ id }) => id === mount.parent);
  return (
    mounts.some(({ parent, point }) => parent === mount.parent && mount.point.startsWith(`${point}/`)) ||
    (above !== undefined && above !== mount && isBelowAnother(above, mounts))
  );
}

/**
 * The way from one group down to another: "" for itself, null if it is not below. Seen from within a cgroup namespace,
 * what is outside of it begins with "/..", also for the root of a mount.
 */
function relativeTo(root: string, path: string): string | null {
  const prefix = root === '/' ? '' : root;
  if (path === root) return '';
  if (!path.startsWith(`${prefix}/`)) return null;
  const inside = path.slice(prefix.length);
  return inside === '/..' || inside.startsWith('/../') ? null : inside;
}

/** Space, tab, line feed, backslash and "#" stand as three octal digits (fs/proc_namespace.c, mangle). */
const unescaped = (text: string): string =>
  decoded(text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))));

/** `wholeLines` has a character per byte; a path is UTF-8. */
const decoded = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');
