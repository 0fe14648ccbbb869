import { execFile } from 'node:child_process';
import { chownSync } from 'node:fs';
import { promisify } from 'node:util';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { remedyFor } from '../lab/run-tool.js';
import { resolveExecutable } from '../targets/executable.js';
import type { HandedFiles } from './handed-files.js';
import type { DiskLayers } from './machine-spec.js';
import { readQcow2Header } from './qcow2-header.js';
import type { QemuFiles } from './qemu-arguments.js';
import type { RunFolder } from './run-folder.js';
import type { SystemUser } from './system-user.js';

const run_ = promisify(execFile);
const TIMEOUT_MS = 30_000;

export interface CreateDisksOptions {
  readonly run: RunFolder;
  readonly files: HandedFiles;
  readonly user: SystemUser | null;
  readonly signal: AbortSignal;
}

/** The name of a disk's writable layer in the run folder. */
export const layerName = (id: string) => `${id}.qcow2`;

/** Gives each disk a fresh layer to write to; what is below is handed to QEMU for reading. Throws LAB_TOOL_MISSING, TARGET_UNSTARTABLE. */
export async function createDisks(
  disks: readonly DiskLayers[],
  { run, files, user, signal }: CreateDisksOptions,
): Promise<Pick<QemuFiles, 'disks' | 'fdSets'>> {
  const made = await Promise.allSettled(disks.map((disk) => createLayer(run.file(layerName(disk.id)), disk, signal)));
  // not before all are done: who hears of it removes the folder
  for (const result of made) if (result.status === 'rejected') throw result.reason;
  const fdSets: { fd: number; set: number }[] = [];
  const layers = disks.map(({ id, base }) => {
    if (user !== null) chownSync(run.file(layerName(id)), user.uid, user.gid);
    const below = base.map(({ path, format }) => {
      fdSets.push({ fd: files.add(path), set: fdSets.length + 1 });
      return { filename: `/dev/fdset/${fdSets.length}`, format };
    });
    // from its working folder: what lies above that may be closed to its user
    return [...below, { filename: layerName(id), format: 'qcow2' as const }];
  });
  return { disks: layers, fdSets };
}

async function createLayer(path: string, { base, sizeBytes }: DiskLayers, signal: AbortSignal): Promise<void> {
  const program = requireQemuImg();
  const args = ['create', '-q', '-f', 'qcow2', ...layerOn(base.at(-1) ?? null, path, sizeBytes)];
  await run_(program, args, { timeout: TIMEOUT_MS, signal }).catch((error: unknown) => {
    const { stderr } = error as { stderr?: string };
    throw new CisError('TARGET_UNSTARTABLE', `a disk could not be prepared: ${stderr?.trim() || errorMessage(error)}`, {
      cause: error,
    });
  });
}

/**
 * A qcow2 file below is not for qemu-img to open, which would follow what its header names: QEMU is told itself what lies
 * below what, and its size stands in the header.
 */
function layerOn(below: DiskLayers['base'][number] | null, path: string, sizeBytes: number | null): string[] {
  if (below === null) return [path, String(sizeBytes)];
  if (below.format === 'raw') return ['-b', below.path, '-F', 'raw', path];
  return [path, String(readQcow2Header(below.path).virtualBytes)];
}

/** Throws LAB_TOOL_MISSING. */
export function requireQemuImg(): string {
  const program = resolveExecutable('qemu-img', '/');
  if (program !== null) return program;
  throw new CisError('LAB_TOOL_MISSING', 'a disk needs "qemu-img", which was not found in PATH', {
    hint: remedyFor('qemu-img'),
  });
}
