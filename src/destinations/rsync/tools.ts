import { DestinationError } from '../../index.js';
import { type Ended, runChild } from './child.js';

export interface Tools {
  /** What starts a program so that it dies with this process, be it killed; nothing if the system has no such thing. */
  readonly leash: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Both sides need it: --info came with it. */
export const OLDEST_RSYNC = '3.1';
const LEASH = ['setpriv', '--pdeathsig', 'TERM'];
const HINT = 'apt-get install rsync openssh-client';

/** Looks for the programs that are needed here. Throws `lasting` if one is missing or too old. */
export async function findTools(given: Readonly<Record<string, string | undefined>>): Promise<Tools> {
  const env = environment(given);
  const ask = (...command: string[]) => runChild(command, { env, signal: AbortSignal.timeout(20_000) });
  const [rsync, , leash] = await Promise.all([
    ask('rsync', '--version').catch(missing('rsync')),
    ask('ssh', '-V').catch(missing('ssh')),
    ask(...LEASH, 'true').catch(() => null),
  ]);
  if (!isRecent(versionIn(rsync)))
    throw new DestinationError('lasting', `rsync here is older than ${OLDEST_RSYNC}: ${versionIn(rsync)}`);
  return { env, leash: leash?.code === 0 ? LEASH : [] };
}

export function isRecent(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  return (major ?? 0) > 3 || (major === 3 && (minor ?? 0) >= 1);
}

const versionIn = ({ stdout }: Ended): string => /version v?(\d+\.\d+\S*)/.exec(stdout.toString())?.[1] ?? 'unknown';

const missing = (program: string) => (cause: unknown) => {
  throw new DestinationError('lasting', `${program} is not installed here`, { cause, hint: HINT });
};

/** Messages as they are known here; and nobody's habits with rsync. */
function environment(given: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const own = Object.entries(given).filter(([name]) => !name.startsWith('RSYNC_') && name !== 'LANGUAGE');
  return { ...Object.fromEntries(own), LC_ALL: 'C' };
}
