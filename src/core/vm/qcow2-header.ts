import { closeSync, openSync, readSync } from 'node:fs';
import { CisError } from '../errors/cis-error.js';

/** What is read of an image's header (docs/interop/qcow2.txt of QEMU), all of it big-endian. */
const HEADER_BYTES = 80;
const MAGIC = 0x514649fb;
const BACKING_FILE_OFFSET = 8;
const SIZE = 24;
/** Of version 3. */
const INCOMPATIBLE_FEATURES = 72;
const EXTERNAL_DATA_FILE = 4n;

export interface Qcow2Header {
  readonly virtualBytes: bigint;
  /** Which other file it names, that QEMU would open for it. */
  readonly names: 'backing file' | 'data file' | null;
}

/** Throws TARGET_UNSTARTABLE if it is none, and the system's errors. */
export function readQcow2Header(path: string): Qcow2Header {
  const header = Buffer.alloc(HEADER_BYTES);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(fd);
  }
  if (header.readUInt32BE(0) !== MAGIC)
    throw new CisError('TARGET_UNSTARTABLE', `${path} is not in qcow2 format`, {
      hint: 'Give its format: "disk: { path: ..., format: raw }".',
    });
  const features = header.readUInt32BE(4) < 3 ? 0n : header.readBigUInt64BE(INCOMPATIBLE_FEATURES);
  const hasDataFile = (features & EXTERNAL_DATA_FILE) !== 0n;
  const hasBackingFile = header.readBigUInt64BE(BACKING_FILE_OFFSET) !== 0n;
  return {
    virtualBytes: header.readBigUInt64BE(SIZE),
    names: hasBackingFile ? 'backing file' : hasDataFile ? 'data file' : null,
  };
}

/** A user's disk has to stand for itself: what it names could be any file of this machine. Throws TARGET_UNSTARTABLE. */
export function requireStandalone(path: string): void {
  const { names } = readQcow2Header(path);
  if (names === null) return;
  throw new CisError('TARGET_UNSTARTABLE', `the disk ${path} names a ${names} of its own, which is not followed`, {
    hint: 'Make one file of it: "qemu-img convert -O qcow2 OLD NEW".',
  });
}
