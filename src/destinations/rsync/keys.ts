import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DestinationError } from '../../index.js';

interface KeyOptions {
  readonly identity?: string;
  readonly known_hosts?: string;
  readonly ssh_config?: string;
}

/** The arguments of ssh that say which key and which hosts' keys it goes by. Throws `lasting` for a file that can't be read. */
export async function keysOf(options: KeyOptions, baseDir: string): Promise<string[]> {
  const [identity, knownHosts, config] = await Promise.all(
    (['identity', 'known_hosts', 'ssh_config'] as const).map((name) => fileOf(name, options[name], baseDir)),
  );
  return [
    ...(config === undefined ? [] : ['-F', config]),
    // else an agent's many keys would be tried first, and the server ends it after six
    ...(identity === undefined ? [] : ['-o', `IdentityFile=${quoted(identity)}`, '-o', 'IdentitiesOnly=yes']),
    ...(knownHosts === undefined
      ? []
      : ['-o', `UserKnownHostsFile=${quoted(knownHosts)}`, '-o', 'GlobalKnownHostsFile=/dev/null']),
  ];
}

async function fileOf(option: string, name: string | undefined, baseDir: string): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const path = resolve(baseDir, name);
  await access(path, constants.R_OK).catch((cause: unknown) => {
    throw new DestinationError('lasting', `the file ${path} of the option ${option} can not be read`, { cause });
  });
  return path;
}

/** ssh_config(5) splits at spaces, and has tokens that begin with %. */
const quoted = (path: string): string => `"${path.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%')}"`;
