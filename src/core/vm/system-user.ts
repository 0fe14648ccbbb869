import { readFileSync, statSync } from 'node:fs';

/** Whom a program runs as instead of root. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups. */
  readonly groups: readonly number[];
}

const NAME = 'nobody';

/** Whom QEMU runs as where the recorder is root: `nobody`, in the group of /dev/kvm. Null where there is nothing to give up. */
export function unprivilegedUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  const user = findUser([NAME]);
  return user === null ? null : { ...user, groups: kvmGroup() };
}

/** The first of these users that there is, without groups. */
export function findUser(names: readonly string[]): SystemUser | null {
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = names.flatMap((wanted) => entries.filter(([name]) => name === wanted))[0];
  return found === undefined ? null : { uid: Number(found[2]), gid: Number(found[3]), groups: [] };
}

function kvmGroup(): number[] {
  try {
    const { gid } = statSync('/dev/kvm');
    return gid === 0 ? [] : [gid];
  } catch {
    return [];
  }
}
