import { access, constants, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DestinationError } from '../../index.js';

/** The folder that a path, or a file: URL, names. Throws `lasting` unless it is there and can be written to. */
export async function rootOf(to: string, baseDir: string): Promise<string> {
  const root = /^file:/i.test(to) ? pathOf(to) : resolve(baseDir, to);
  // it is not made: a share that is not mounted would be taken for an empty one
  const there = await stat(root).catch(() => null);
  if (there === null)
    throw new DestinationError('lasting', `the folder ${root} does not exist`, {
      hint: `Is the share mounted? Else make it: mkdir -p ${root}`,
    });
  if (!there.isDirectory()) throw new DestinationError('lasting', `${root} is no folder`);
  await access(root, constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw new DestinationError('lasting', `the folder ${root} can not be written to`, { cause });
  });
  return root;
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new DestinationError('lasting', `${JSON.stringify(url)} names no folder of this machine`, {
      cause,
      hint: 'A file URL has three slashes: file:///mnt/share',
    });
  }
}
