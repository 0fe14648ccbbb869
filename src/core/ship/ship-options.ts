import type { ShipConfig } from '../config/config.js';
import { parseSize } from '../config/size.js';
import { CisError } from '../errors/cis-error.js';
import { COMPRESSIONS, type Compression, requireCompression } from '../files/compression.js';
import { redact } from '../redaction/redact.js';

const DEFAULT_CONCURRENCY = 4;
const DEFAULT_RETRIES = 5;

/** How to ship: the section `ship` of a configuration, with what the command line says over it. */
export interface ShipOptions {
  readonly to: string;
  /** Of the destination, as written. */
  readonly destination: Readonly<Record<string, unknown>>;
  /** Episodes at once. */
  readonly concurrency: number;
  /** Further attempts at an episode after a trouble that may pass. */
  readonly retries: number;
  readonly bytesPerSecond: number | null;
  readonly compression: Compression | null;
  readonly deletesAfter: boolean;
}

/** Throws USAGE in words for what is missing or is none, and COMPRESSION_UNAVAILABLE. */
export function shipOptions(config: ShipConfig): ShipOptions {
  const { to } = config;
  if (to === undefined || to === '')
    throw new CisError(
      'USAGE',
      'there is no destination: give --to, or "to" in the section "ship" of the configuration',
    );
  const filled = withDefaults(config);
  if (filled.compression !== null) requireCompression(filled.compression);
  return { to, ...filled };
}

/** The section with every default filled in and secrets redacted, as `config show` shows it. Throws USAGE. */
export function resolvedShip(config: ShipConfig): Readonly<Record<string, unknown>> {
  const { destination, concurrency, retries, bytesPerSecond, compression, deletesAfter } = withDefaults(config);
  return {
    to: redact(config.to ?? null),
    options: redact(destination),
    concurrency,
    retries,
    bandwidth_bytes_per_second: bytesPerSecond,
    compress: compression ?? 'none',
    delete_after: deletesAfter,
  };
}

function withDefaults(config: ShipConfig): Omit<ShipOptions, 'to'> {
  const { options = {}, concurrency, retries, bandwidth, compress, delete_after: deletesAfter = false } = config;
  return {
    destination: options,
    concurrency: concurrency ?? DEFAULT_CONCURRENCY,
    retries: retries ?? DEFAULT_RETRIES,
    bytesPerSecond: bandwidth === undefined ? null : bandwidthOf(bandwidth),
    compression: COMPRESSIONS.find((each) => each === compress) ?? null,
    deletesAfter,
  };
}

function bandwidthOf(text: string): number {
  const bytes = parseSize(text.replace(/\/s$/, ''));
  if (bytes !== null && bytes > 0) return bytes;
  throw new CisError(
    'USAGE',
    `the bandwidth is ${JSON.stringify(text)}; it must be a size per second, as "512KiB" or "10MiB"`,
  );
}
