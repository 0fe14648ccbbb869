import { createHash } from 'node:crypto';
import type { DebianPackage } from './apt-index.js';
import type { GuestFile } from './guest-files.js';

const HEX_DIGITS = 16;

interface ImageInputs {
  readonly recipeVersion: number;
  /** What of the packages goes in, and where. */
  readonly contents: unknown;
  readonly append: string;
  readonly guestFiles: readonly GuestFile[];
  readonly packages: readonly DebianPackage[];
}

/** Names an image by all that goes into it: 16 hexadecimal digits. The order of packages and files does not matter. */
export function imageId({ recipeVersion, contents, append, guestFiles, packages }: ImageInputs): string {
  const files = guestFiles.map(({ path, mode, content }) => [path, mode, sha256(content)]);
  const debs = packages.map(({ name, version, architecture, sha256: hash }) => [name, version, architecture, hash]);
  const inputs = JSON.stringify([recipeVersion, contents, append, files.sort(byFirst), debs.sort(byFirst)]);
  return sha256(inputs).slice(0, HEX_DIGITS);
}

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

const byFirst = ([a]: readonly unknown[], [b]: readonly unknown[]): number =>
  String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
