import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CisError } from '../../errors/cis-error.js';
import { labFolder } from '../lab-folder.js';
import { type ImageFile, type ImageManifest, MANIFEST_FILE, readManifest } from './manifest.js';

/** A guest image that can be booted. */
export interface LabImage {
  /** Absolute, and of this very image: what the default is may change meanwhile. */
  readonly folder: string;
  readonly kernelPath: string;
  readonly initrdPath: string;
  readonly manifest: ImageManifest;
}

/** Where images are kept, each in a folder named by its id. */
export const imagesFolder = (lab: string): string => join(lab, 'images');

/** The name that stands for the image that was built last. */
export const CURRENT = 'current';

/**
 * The image in a folder, or the one that "lab build" made last. Holds the files' sizes, not their hashes, against the
 * manifest. Throws LAB_IMAGE_MISSING, or LAB_IMAGE_INVALID.
 */
export function readImage(folder?: string): LabImage {
  const given = resolve(folder ?? join(imagesFolder(labFolder()), CURRENT));
  if (!existsSync(join(given, MANIFEST_FILE)))
    throw new CisError(
      'LAB_IMAGE_MISSING',
      folder === undefined ? `there is no lab image at ${given}` : `${given} is no lab image`,
      folder === undefined ? {} : { hint: 'Correct "target.image": it is "lab", or the folder of an image.' },
    );
  const image = realpathSync(given);
  const manifest = readManifest(image);
  const path = (file: ImageFile) => checkedPath(image, file);
  return { folder: image, kernelPath: path(manifest.kernel), initrdPath: path(manifest.initrd), manifest };
}

function checkedPath(folder: string, { file, bytes }: ImageFile): string {
  const path = join(folder, file);
  const found = statSync(path, { throwIfNoEntry: false })?.size;
  if (found === bytes) return path;
  throw new CisError(
    'LAB_IMAGE_INVALID',
    found === undefined ? `${path} is missing` : `${path} has ${found} bytes where its manifest says ${bytes}`,
  );
}
