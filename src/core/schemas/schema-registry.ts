import { readFileSync } from 'node:fs';
import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type JsonSchema, SCHEMA_KEYWORDS } from '../rows/row-schema.js';

/** The documents whose schemas lie in `schemas/`. */
export type DocumentName = 'config' | 'meta' | 'event' | 'label' | 'marker';

const SCHEMAS_FOLDER = new URL('../../../schemas/', import.meta.url);

/** Compiles JSON Schemas, ours and plugins', each once. */
export class SchemaRegistry {
  readonly #ajv = new Ajv2020({ strict: true, allErrors: true, verbose: true, discriminator: true, allowUnionTypes: true, useDefaults: false, keywords: SCHEMA_KEYWORDS });
  readonly #quick = new Ajv2020({ strict: true, allowUnionTypes: true, keywords: SCHEMA_KEYWORDS });
  readonly #filling = new Ajv2020({ strict: true, allErrors: true, verbose: true, allowUnionTypes: true, useDefaults: true });
  readonly #documents = new Map<DocumentName, ValidateFunction>();

  constructor() {
    for (const ajv of [this.#ajv, this.#quick, this.#filling]) addFormats.default(ajv);
  }

  /** Reports every violation. */
  document(name: DocumentName): ValidateFunction {
    let validate = this.#documents.get(name);
    if (validate === undefined) this.#documents.set(name, (validate = this.#ajv.compile(this.source(name))));
    return validate;
  }

  /** The schema itself. */
  source(name: DocumentName): JsonSchema {
    return JSON.parse(readFileSync(new URL(`${name}.schema.json`, SCHEMAS_FOLDER), 'utf8')) as JsonSchema;
  }

  /** For rows, by the hundred thousand: stops at the first violation. Throws if the schema is no valid one. */
  rows(schema: JsonSchema): ValidateFunction {
    const { $id, ...rest } = schema; // one id may come with several contents: an older plugin's, a forged one
    return this.#quick.compile(rest);
  }

  /** A plugin's options: fills in defaults, reports every violation. Throws if the schema is no valid one. */
  options(schema: object): ValidateFunction {
    return this.#filling.compile(schema);
  }
}
