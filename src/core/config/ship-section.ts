import type { ErrorObject } from 'ajv';
import { CisError } from '../errors/cis-error.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import type { Config, ShipConfig } from './config.js';
import { explainError, isEcho } from './explain-errors.js';
import type { LoadedConfig } from './load-config.js';

/**
 * The section `ship`, with what the command line says over it. Another destination than the section's has none of its
 * options. Throws CONFIG_INVALID.
 */
export function shipSection({ raw }: LoadedConfig, flags: ShipConfig, schemas: SchemaRegistry): ShipConfig {
  const written: unknown = (raw as Config | null)?.ship ?? {};
  const section = isMapping(written) && isMapping(flags) ? merged(written, flags) : written;
  const validate = schemas.document('config');
  if (validate({ ship: section })) return section as ShipConfig;
  throw new CisError('CONFIG_INVALID', 'the section "ship" of the configuration, or a flag, is not what is asked for', {
    problems: (validate.errors as ErrorObject[]).filter((each) => !isEcho(each)).map((each) => explainError(each, '')),
  });
}

function merged(written: ShipConfig, flags: ShipConfig): ShipConfig {
  const isOther = flags.to !== undefined && flags.to !== written.to;
  const options = { ...(isOther ? {} : written.options), ...flags.options };
  return { ...written, ...flags, options };
}

const isMapping = (value: unknown): value is ShipConfig =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
