import { createRequire } from 'node:module';
import type { Transform } from 'node:stream';
import { CisError } from '../errors/cis-error.js';

export const COMPRESSIONS = ['gzip', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** What is added to a file's name. */
export const SUFFIX: Readonly<Record<Compression, string>> = { gzip: '.gz', zstd: '.zst' };

/** What a person types. */
export const UNPACK: Readonly<Record<Compression, string>> = { gzip: '"gunzip -r DIR"', zstd: '"zstd -d --rm -r DIR"' };

/** Node has zstd since 22.15 and 23.8. */
interface Zstd {
  createZstdCompress?(): Transform;
  createZstdDecompress?(): Transform;
}

/** Loaded where it is used: it takes 3 ms, and a recording has no use for it. */
const zlib = () => createRequire(import.meta.url)('node:zlib') as typeof import('node:zlib') & Zstd;

/** Throws COMPRESSION_UNAVAILABLE. */
export function requireCompression(compression: Compression): void {
  if (compression === 'zstd' && zlib().createZstdCompress === undefined)
    throw new CisError('COMPRESSION_UNAVAILABLE', `Node ${process.versions.node} has no zstd`);
}

/** The same content gives the same bytes: there is no time and no name in them. Throws COMPRESSION_UNAVAILABLE. */
export function compressor(compression: Compression): Transform {
  requireCompression(compression);
  return compression === 'gzip' ? zlib().createGzip() : zlib().createZstdCompress!();
}

/** Throws COMPRESSION_UNAVAILABLE. */
export function decompressor(compression: Compression): Transform {
  requireCompression(compression);
  return compression === 'gzip' ? zlib().createGunzip() : zlib().createZstdDecompress!();
}
