import { Flags } from '@oclif/core';
import type { ShipConfig } from '../core/config/config.js';
import { CisError } from '../core/errors/cis-error.js';

/** Flags that say where episodes go, and how; each goes over the section `ship` of the configuration. */
export const shipFlags = {
  to: Flags.string({
    description: 'Where they go: a folder, or a URL as s3://bucket/prefix, ssh://user@host/path, https://host/path.',
    helpValue: 'DEST',
  }),
  option: Flags.string({
    description: 'An option of the destination (again for more); docs/ship.md has them.',
    helpValue: 'NAME=VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  concurrency: Flags.integer({ description: 'Episodes sent at once. Default: 4.', helpValue: 'N' }),
  retries: Flags.integer({ description: 'Further attempts where a trouble may pass. Default: 5.', helpValue: 'N' }),
  bandwidth: Flags.string({ description: 'What all of it may take in a second.', helpValue: '10MiB' }),
  compress: Flags.string({
    description: 'Compress each file but meta.json and done.marker. Default: none.',
    helpValue: 'none|gzip|zstd',
  }),
  'delete-after': Flags.boolean({
    description: 'Remove the local copy when the destination was verified.',
    allowNo: true,
  }),
};

interface ParsedShipFlags {
  readonly to?: string | undefined;
  readonly option?: readonly string[] | undefined;
  readonly concurrency?: number | undefined;
  readonly retries?: number | undefined;
  readonly bandwidth?: string | undefined;
  readonly compress?: string | undefined;
  readonly 'delete-after'?: boolean | undefined;
}

/** As the configuration would say it; the schema tells what is wrong with it. Throws USAGE. */
export function shipConfigOf(flags: ParsedShipFlags): ShipConfig {
  const { to, option, concurrency, retries, bandwidth, compress, 'delete-after': deletesAfter } = flags;
  return {
    ...(to !== undefined && { to }),
    ...(option !== undefined && { options: Object.fromEntries(option.map(parseOption)) }),
    ...(concurrency !== undefined && { concurrency }),
    ...(retries !== undefined && { retries }),
    ...(bandwidth !== undefined && { bandwidth }),
    ...(compress !== undefined && { compress: compress as NonNullable<ShipConfig['compress']> }),
    ...(deletesAfter !== undefined && { delete_after: deletesAfter }),
  };
}

/** A value that is JSON is taken as such: `path_style=true` is a boolean. */
function parseOption(text: string): [name: string, value: unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw new CisError('USAGE', `--option is ${JSON.stringify(text)}; it must be like NAME=VALUE`);
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}
