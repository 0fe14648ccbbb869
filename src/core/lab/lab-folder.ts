import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where the lab keeps what can be made again: `$CIS490_LAB`, else `cis490/lab` in the user's cache folder. An absolute
 * path; nothing is created.
 */
export function labFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.CIS490_LAB) return resolve(env.CIS490_LAB);
  return join(cacheHome(env), 'cis490', 'lab');
}

/** A relative XDG_CACHE_HOME is to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/ */
function cacheHome({ XDG_CACHE_HOME: configured, HOME: home }: NodeJS.ProcessEnv): string {
  return configured?.startsWith('/') ? configured : join(home || homedir(), '.cache');
}
