import { createHash } from 'node:crypto';

/** `config_sha256` of meta.json: of the configuration as JavaScript prints it, and as `JSON.parse` reads it back. */
export function configDigest(config: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(config) ?? '')
    .digest('hex');
}
