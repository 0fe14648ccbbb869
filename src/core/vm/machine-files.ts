import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { PlannedVm } from '../config/plan.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { type LabImage, readImage } from '../lab/image/read-image.js';
import type { DiskLayers } from './machine-spec.js';
import { requireStandalone } from './qcow2-header.js';

/** In the default of 64 KiB a file of 60 MB takes three times as long. */
const CHUNK_BYTES = 1024 * 1024;

/** What a machine is made of on the host, and what these files hold. */
export interface MachineFiles {
  readonly kernelPath: string | null;
  readonly initrdPath: string | null;
  readonly append: string | null;
  readonly disks: readonly DiskLayers[];
  /** The lab image that it boots; null for files of the user's own. */
  readonly image: LabImage | null;
  /** What tells these files from others: hashes of the small ones, place, size and time of a disk. For meta.json. */
  readonly identity: Readonly<Record<string, unknown>>;
  /**
   * Resolves when the image was found to be what its manifest says; it takes as long as half a restored start, which need
   * not wait for it. Rejects with LAB_IMAGE_INVALID: then nothing may be kept of what was booted.
   */
  readonly verified: Promise<void>;
}

/** Finds what a planned machine needs. Throws LAB_IMAGE_MISSING, LAB_IMAGE_INVALID, TARGET_NOT_FOUND, TARGET_UNSTARTABLE. */
export async function findMachineFiles(planned: PlannedVm): Promise<MachineFiles> {
  const { kernel, initrd, append, disk, scratchBytes } = planned;
  const disks: DiskLayers[] = [
    ...(disk === null ? [] : [{ id: 'disk', base: [disk], sizeBytes: null }]),
    ...(scratchBytes === null ? [] : [{ id: 'scratch', base: [], sizeBytes: scratchBytes }]),
  ];
  const diskIdentity = disk === null ? null : identifyDisk(disk);
  if (planned.image !== null) {
    const image = readImage(planned.image === 'lab' ? undefined : planned.image);
    const { kernelPath, initrdPath, manifest } = image;
    const identity = { image: manifest, disk: diskIdentity };
    const verified = requireSound(image);
    verified.catch(() => {}); // who waits for it hears of it
    return { kernelPath, initrdPath, append: manifest.append, disks, image, identity, verified };
  }
  const identity = {
    kernel: kernel === null ? null : await hashed(kernel),
    initrd: initrd === null ? null : await hashed(initrd),
    disk: diskIdentity,
  };
  return { kernelPath: kernel, initrdPath: initrd, append, disks, image: null, identity, verified: Promise.resolve() };
}

/** What meta.json says of an image, and what a saved state is known by, is its manifest. Throws LAB_IMAGE_INVALID. */
async function requireSound({ kernelPath, initrdPath, manifest: { kernel, initrd } }: LabImage): Promise<void> {
  const [kernelIs, initrdIs] = await Promise.all([hashed(kernelPath), hashed(initrdPath)]);
  const changed = [
    ...(kernelIs.sha256 === kernel.sha256 ? [] : [kernelPath]),
    ...(initrdIs.sha256 === initrd.sha256 ? [] : [initrdPath]),
  ];
  if (changed.length > 0)
    throw new CisError('LAB_IMAGE_INVALID', `${changed.join(' and ')}: not the file that its manifest tells of`);
}

async function hashed(path: string): Promise<{ readonly path: string; readonly sha256: string }> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: CHUNK_BYTES }), hash);
  } catch (error) {
    throw unreadable(path, error);
  }
  return { path, sha256: hash.digest('hex') };
}

/** A disk may be too large to be hashed for each episode. */
function identifyDisk({ path, format }: NonNullable<PlannedVm['disk']>): Readonly<Record<string, unknown>> {
  try {
    const { size, mtimeNs, ino } = statSync(path, { bigint: true });
    if (format === 'qcow2') requireStandalone(path);
    return { path, format, bytes: Number(size), modified_ns: String(mtimeNs), inode: String(ino) };
  } catch (error) {
    throw error instanceof CisError ? error : unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): CisError {
  return new CisError('TARGET_NOT_FOUND', `the virtual machine's ${path} can not be read: ${errorMessage(error)}`, {
    hint: 'Correct the path in "target"; relative ones start from the folder of the configuration.',
    cause: error,
  });
}
