import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErrorObject } from 'ajv';
import { schemeOf } from '../catalog/destination-catalog.js';
import type { DestinationRef } from '../catalog/destination-ref.js';
import { explainError, isEcho } from '../config/explain-errors.js';
import { API_VERSION } from '../contract/collector.js';
import type { Destination, DestinationDefinition } from '../contract/destination.js';
import { CisError } from '../errors/cis-error.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import { toText } from '../text/to-text.js';
import { checkedDestination } from './checked-destination.js';
import type { Address } from './ledger.js';
import { asTrouble, oneSentence } from './trouble.js';

export interface OpenDestinationRequest extends Pick<Address, 'to' | 'options'> {
  readonly ref: DestinationRef;
  readonly baseDir: string;
  readonly isOnlyCopy: boolean;
  readonly schemas: SchemaRegistry;
}

/** Imports the destination's module and opens it. Throws PLUGIN_*, DESTINATION_OPTIONS, DESTINATION_UNUSABLE. */
export async function openDestination(request: OpenDestinationRequest): Promise<Destination> {
  const { ref, to, baseDir, isOnlyCopy } = request;
  const { definition, options } = await loadDestination(request);
  try {
    const opened: unknown = await definition.open({
      ...{ to, options: Object.freeze(options), env: process.env, baseDir, isOnlyCopy },
    });
    return checkedDestination(opened, ref.name);
  } catch (error) {
    const trouble = asTrouble(error);
    const { hint } = trouble ?? {};
    // what its author did not foresee tells nothing of where it comes from
    const whose = trouble === null ? `the destination "${ref.name}" of "${ref.owner}" can not be opened: ` : '';
    throw new CisError('DESTINATION_UNUSABLE', `${whose}${oneSentence(error)}`, {
      cause: error,
      ...(hint !== undefined && { hint }),
    });
  }
}

/** Imports the destination's module, and fills in its options. Throws PLUGIN_*, DESTINATION_OPTIONS. */
export async function loadDestination({
  ref,
  options,
  schemas,
}: Pick<OpenDestinationRequest, 'ref' | 'options' | 'schemas'>) {
  const definition = await load(ref);
  const given = structuredClone(options);
  const validate = await compiled(ref, definition, schemas);
  if (validate(given)) return { definition, options: given };
  const errors = (validate.errors as ErrorObject[]).filter((each) => !isEcho(each));
  throw new CisError('DESTINATION_OPTIONS', `the options of the destination "${ref.name}" are not what it takes`, {
    problems: errors.map((each) => explainError(each, 'options')),
  });
}

async function load(ref: DestinationRef): Promise<DestinationDefinition> {
  const { default: definition } = await imported(ref);
  const problems = problemsOf(definition, ref);
  if (problems.length === 0) return definition as DestinationDefinition;
  throw new CisError('PLUGIN_EXPORT', `the destination "${ref.name}" of "${ref.owner}" breaks the contract`, {
    problems,
    hint: 'Export default defineDestination({...}), as docs/ship.md shows.',
  });
}

async function imported({ url, name, owner }: DestinationRef): Promise<{ default?: unknown }> {
  try {
    return (await import(url)) as { default?: unknown };
  } catch (error) {
    throw new CisError(
      'PLUGIN_LOAD',
      `the destination "${name}" of "${owner}" can not be loaded: ${oneSentence(error)}`,
      {
        cause: error,
      },
    );
  }
}

function problemsOf(value: unknown, { name }: DestinationRef): string[] {
  if (typeof value !== 'object' || value === null) return ['its default export is no object'];
  const { apiVersion, name: own, options, open } = value as Partial<Record<keyof DestinationDefinition, unknown>>;
  return [
    ...(apiVersion === API_VERSION ? [] : [`apiVersion is ${toText(apiVersion)}; this cis490 has ${API_VERSION}`]),
    ...(own === name ? [] : [`name is ${JSON.stringify(own)}; its package.json says "${name}"`]),
    ...(typeof options === 'object' && options !== null ? [] : ['options is no JSON Schema of an object']),
    ...(typeof open === 'function' ? [] : ['open is no function']),
  ];
}

async function compiled({ name, owner }: DestinationRef, { options }: DestinationDefinition, schemas: SchemaRegistry) {
  try {
    return await schemas.options(options);
  } catch (error) {
    throw new CisError(
      'PLUGIN_SCHEMA',
      `the options of the destination "${name}" of "${owner}": ${oneSentence(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** One name for one place: folders are absolute, and a slash at the end tells nothing. */
export function addressOf(to: string, options: Address['options'], baseDir: string): Pick<Address, 'to' | 'options'> {
  const isPath = schemeOf(to) === 'file';
  return { to: isPath ? resolve(baseDir, pathOf(to)) : to.replace(/(?<=[^/])\/+$/, ''), options };
}

function pathOf(to: string): string {
  try {
    return /^file:/i.test(to) ? fileURLToPath(to) : to;
  } catch {
    return to; // the destination tells
  }
}
