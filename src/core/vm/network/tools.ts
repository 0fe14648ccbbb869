import { CisError } from '../../errors/cis-error.js';
import { resolveExecutable } from '../../targets/executable.js';

/** The Debian package of each program that a network needs. */
const PACKAGES = {
  ip: 'iproute2',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  tcpdump: 'tcpdump',
  unshare: 'util-linux',
} as const;
/** What is for root alone may be missing in PATH, as after "su". */
const SYSTEM_FOLDERS = '/usr/sbin:/sbin';

/** PATH, and where a system's own programs are. */
export const toolPath = (): string => `${process.env.PATH ?? ''}:${SYSTEM_FOLDERS}`;

/** The path of a program. Throws LAB_TOOL_MISSING. */
export function requireTool(program: keyof typeof PACKAGES): string {
  const path = resolveExecutable(program, '/', toolPath());
  if (path !== null) return path;
  throw new CisError('LAB_TOOL_MISSING', `an isolated network needs the program "${program}", which is not installed`, {
    hint: `apt-get install --no-install-recommends ${PACKAGES[program]}`,
  });
}
