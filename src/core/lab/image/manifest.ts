import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CisError } from '../../errors/cis-error.js';
import { errorMessage } from '../../errors/describe-error.js';
import type { DebianPackage } from './apt-index.js';

export const MANIFEST_FILE = 'manifest.json';

/** A file of an image, from the image's folder. */
export interface ImageFile {
  readonly file: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** What an image is and what it is made of. Without times: the same inputs give the same bytes, of this as well. */
export interface ImageManifest {
  readonly schema_version: 1;
  /** 16 hexadecimal digits over all that goes in. */
  readonly id: string;
  readonly recipe_version: number;
  readonly created_by: { readonly name: string; readonly version: string };
  readonly kernel: ImageFile & { readonly release: string };
  readonly initrd: ImageFile;
  readonly packages: readonly DebianPackage[];
  /** The kernel's command line. */
  readonly append: string;
  /** The virtio port of the guest's agent. */
  readonly agent_port: string;
}

/** Reads an image's manifest. Throws LAB_IMAGE_INVALID if it is none. */
export function readManifest(folder: string): ImageManifest {
  const path = join(folder, MANIFEST_FILE);
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isManifest(manifest)) return manifest;
  } catch (error) {
    throw new CisError('LAB_IMAGE_INVALID', `${path} can not be read: ${errorMessage(error)}`, { cause: error });
  }
  throw new CisError('LAB_IMAGE_INVALID', `${path} is no manifest of a lab image`);
}

function isManifest(value: unknown): value is ImageManifest {
  if (!isRecord(value)) return false;
  const { schema_version, id, recipe_version, created_by, kernel, initrd, packages, append, agent_port } = value;
  return (
    schema_version === 1 &&
    typeof recipe_version === 'number' &&
    [id, append, agent_port].every((text) => typeof text === 'string') &&
    isRecord(created_by) &&
    [created_by.name, created_by.version].every((text) => typeof text === 'string') &&
    isFile(kernel) &&
    typeof kernel.release === 'string' &&
    isFile(initrd) &&
    Array.isArray(packages) &&
    packages.every(isPackage)
  );
}

/** A name in the image's folder, and never a path out of it. */
const isFile = (value: unknown): value is Record<string, unknown> =>
  isRecord(value) &&
  typeof value.file === 'string' &&
  /^[\w-][\w.-]*$/.test(value.file) &&
  Number.isSafeInteger(value.bytes) &&
  typeof value.sha256 === 'string';

const isPackage = (value: unknown): boolean =>
  isRecord(value) &&
  [value.name, value.version, value.architecture, value.sha256].every((text) => typeof text === 'string');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
