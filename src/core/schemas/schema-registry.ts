import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import type { Ajv2020 } from 'ajv/dist/2020.js';
import { packageUrl } from '../package-info.js';
import { type JsonSchema, SCHEMA_KEYWORDS } from '../rows/row-schema.js';
import { requireRowSchema } from '../rows/stored-schema.js';

/** The documents whose schemas lie in `schemas/`. */
export type DocumentName = 'config' | 'meta' | 'event' | 'label' | 'marker' | 'dataset' | 'features' | 'shipped';

const require = createRequire(import.meta.url);

/**
 * Validators of JSON Schemas. Those of our own documents are compiled when the program is built: loading ajv and
 * compiling them would double the time from the command to its first sample.
 */
export class SchemaRegistry {
  #rows: Ajv2020 | undefined;
  #options: Ajv2020 | undefined;

  /** Reports every violation. */
  document(name: DocumentName): ValidateFunction {
    return require(packageUrl(`dist/validators/${name}.cjs`).pathname) as ValidateFunction; // which keeps it
  }

  /** The schema itself. */
  source(name: DocumentName): JsonSchema {
    return JSON.parse(readFileSync(packageUrl(`schemas/${name}.schema.json`), 'utf8')) as JsonSchema;
  }

  /** For rows, by the hundred thousand: stops at the first violation. Throws if the schema is no valid one. */
  async rows(schema: JsonSchema): Promise<ValidateFunction> {
    const { $id, ...rest } = schema; // one id may come with several contents: an older plugin's, a forged one
    this.#rows ??= await createAjv({ keywords: SCHEMA_KEYWORDS });
    return this.#rows.compile(rest);
  }

  /**
   * A row schema as it was read from meta.json: its integers may have come as bigints, which a compiler does not take.
   * Throws in words if it is none of ours.
   */
  async storedRows(schema: JsonSchema): Promise<ValidateFunction> {
    requireRowSchema(schema);
    const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
    return this.rows(JSON.parse(JSON.stringify(schema, plain)) as JsonSchema);
  }

  /** A plugin's options: fills in defaults, reports every violation. Throws if the schema is no valid one. */
  async options(schema: object): Promise<ValidateFunction> {
    this.#options ??= await createAjv({ allErrors: true, verbose: true, useDefaults: true });
    return this.#options.compile(schema);
  }
}

async function createAjv(options: object): Promise<Ajv2020> {
  const [{ Ajv2020 }, { default: formats }] = await Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')]);
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, ...options });
  formats.default(ajv);
  return ajv;
}
