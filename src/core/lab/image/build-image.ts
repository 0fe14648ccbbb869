import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CisError } from '../../errors/cis-error.js';
import { syncAndHash } from '../../files/sync-and-hash.js';
import { describeFailure, requireTools, runTool } from '../run-tool.js';
import { downloadPackages, resolvePackages } from './apt.js';
import type { DebianPackage } from './apt-index.js';
import { type GuestFile, readGuestFiles } from './guest-files.js';
import { kernelRelease, makeGuestTree } from './guest-tree.js';
import { imageId } from './image-id.js';
import { ImageStore } from './image-store.js';
import { type ImageFile, type ImageManifest, MANIFEST_FILE } from './manifest.js';
import { packTree } from './pack-tree.js';
import type { LabImage } from './read-image.js';
import {
  AGENT_PORT,
  BUILD_TOOLS,
  FOLDERS,
  KERNEL_APPEND,
  LIBRARIES,
  LINKS,
  PACKAGES,
  PROGRAMS,
  RECIPE_VERSION,
} from './recipe.js';

const UNPACK_TIMEOUT_MS = 300_000;

export interface BuildOptions {
  /** The lab's folder. */
  readonly lab: string;
  /** Of this program. */
  readonly version: string;
  /** Builds also what is there, and checks that it comes out the same. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  /** Told of each step, in words. */
  onStep?(step: string): void;
}

export interface BuiltImage extends LabImage {
  /** Whether it was there already: nothing was downloaded. */
  readonly cached: boolean;
}

/**
 * Makes the guest's image from Debian packages, as any user, and makes it the default one. It is there as a whole or not
 * at all. Throws LAB_TOOL_MISSING, LAB_PACKAGES_UNKNOWN, LAB_DOWNLOAD, LAB_UNWRITABLE, LAB_BUILD_FAILED or
 * LAB_NOT_REPRODUCIBLE.
 */
export async function buildImage(options: BuildOptions): Promise<BuiltImage> {
  const { lab, force = false, signal, onStep = () => {} } = options;
  requireTools(BUILD_TOOLS);
  onStep("reading apt's index");
  const guestFiles = readGuestFiles();
  const packages = await resolvePackages(PACKAGES, signal);
  const id = imageId({
    recipeVersion: RECIPE_VERSION,
    contents: [PROGRAMS, LIBRARIES, FOLDERS, LINKS],
    append: KERNEL_APPEND,
    guestFiles,
    packages,
  });
  const store = new ImageStore(lab);
  const there = store.find(id);
  if (there !== null && !force) {
    store.makeCurrent(id);
    return { ...there, cached: true };
  }
  const image = await store.add(id, (folder) => build({ ...options, onStep }, { id, folder, guestFiles, packages }));
  store.makeCurrent(id);
  return { ...image, cached: false };
}

interface Draft {
  readonly id: string;
  /** An empty one, for this build alone. */
  readonly folder: string;
  readonly guestFiles: readonly GuestFile[];
  readonly packages: readonly DebianPackage[];
}

/** Fills `folder/image`; what else is in the folder is thrown away. */
async function build(
  { version, signal, onStep = () => {} }: BuildOptions,
  { id, folder, guestFiles, packages }: Draft,
): Promise<string> {
  const [debs, unpacked, tree, image] = ['debs', 'packages', 'tree', 'image'].map((name) => join(folder, name));
  for (const path of [debs!, unpacked!, image!]) mkdirSync(path);

  onStep(`downloading ${packages.length} packages`);
  const paths = await downloadPackages(packages, debs!, signal);

  onStep('unpacking them');
  for (const path of paths) await unpack(path, unpacked!, signal);

  onStep('laying out the guest');
  const names = makeGuestTree({ packages: unpacked!, guestFiles, tree: tree! });

  onStep('packing it');
  await packTree({ tree: tree!, names, target: join(folder, 'initrd'), ...withSignal(signal) });
  renameSync(join(folder, 'initrd'), join(image!, 'initrd'));
  const release = kernelRelease(unpacked!);
  copyFileSync(join(unpacked!, 'boot', `vmlinuz-${release}`), join(image!, 'vmlinuz'));
  const manifest: ImageManifest = {
    schema_version: 1,
    id,
    recipe_version: RECIPE_VERSION,
    created_by: { name: 'cis490', version },
    kernel: { release, ...fileOf(image!, 'vmlinuz') },
    initrd: fileOf(image!, 'initrd'),
    packages,
    append: KERNEL_APPEND,
    agent_port: AGENT_PORT,
  };
  writeFileSync(join(image!, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return image!;
}

async function unpack(path: string, target: string, signal?: AbortSignal): Promise<void> {
  const result = await runTool(['dpkg-deb', '-x', path, target], {
    timeoutMs: UNPACK_TIMEOUT_MS,
    ...withSignal(signal),
  });
  if (result.code !== 0)
    throw new CisError('LAB_BUILD_FAILED', `dpkg-deb can not unpack ${path}: ${describeFailure(result)}`);
}

function fileOf(folder: string, file: string): ImageFile {
  const { bytes, sha256 } = syncAndHash(join(folder, file));
  return { file, bytes, sha256 };
}

const withSignal = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });
