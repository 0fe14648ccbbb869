import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { configureCollector } from '../../core/collection/configure-collector.js';
import { checkDefinition, HOST_COLUMNS } from '../../core/contract/check-definition.js';
import { API_VERSION } from '../../core/contract/collector.js';
import { compileRowEncoder } from '../../core/rows/row-encoder.js';
import { type JsonSchema, rowSchema } from '../../core/rows/row-schema.js';
import { SchemaRegistry } from '../../core/schemas/schema-registry.js';
import { withFieldTable } from '../field-table.js';
import type { Check, Subject } from '../subject.js';
import { completeOptions } from '../trial.js';

const schemas = new SchemaRegistry();

/** What a definition says of itself, its options and its rows. */
export function definitionChecks(subject: Subject): Check[] {
  return [
    ['holds the contract', () => holdsContract(subject)],
    ['its row schema compiles', () => rowSchemaCompiles(subject)],
    ['its options schema compiles and refuses unknown options', () => optionsRefuseUnknown(subject)],
  ];
}

/** What stands beside a definition in its package. */
export function packageChecks(subject: Subject): Check[] {
  return [
    ['package.json declares it', () => packageDeclares(subject)],
    ['the README agrees with its fields', () => readmeAgrees(subject)],
    ['its rowVersion rises with its fields', () => rowVersionRises(subject)],
  ];
}

function holdsContract({ collector }: Subject): void {
  assert.deepEqual(checkDefinition(collector), [], 'the definition breaks the contract');
}

async function rowSchemaCompiles({ collector, options }: Subject): Promise<void> {
  const configured = configureCollector(collector, await completeOptions(collector, options), process.cwd());
  const { fields, name, availableInDeployment } = configured;
  const envelope = envelopeOf(configured.kind);
  await schemas.rows(rowSchema(configured, envelope));
  compileRowEncoder({ fields, envelope, source: name, availableInDeployment: availableInDeployment.value });
}

async function optionsRefuseUnknown({ collector, options }: Subject): Promise<void> {
  await completeOptions(collector, options);
  const unknown = { ...options, an_option_nobody_has: 1 };
  await assert.rejects(completeOptions(collector, unknown), 'an option that it does not have is accepted');
}

function packageDeclares({ collector, packageDir }: Subject): void {
  const path = join(packageDir, 'package.json');
  const { cis490 = {} } = JSON.parse(readFileSync(path, 'utf8')) as { cis490?: Record<string, unknown> };
  const { apiVersion, collectors, plugin } = cis490;
  assert.equal(apiVersion, API_VERSION, `"cis490.apiVersion" in ${path}`);
  assert.ok(
    Array.isArray(collectors) && collectors.includes(collector.name),
    `"cis490.collectors" in ${path} is ${JSON.stringify(collectors)}; it must list "${collector.name}"`,
  );
  const entry = typeof plugin === 'object' ? (plugin as Record<string, unknown>)[collector.name] : plugin;
  assert.equal(typeof entry, 'string', `"cis490.plugin" in ${path} names no module for "${collector.name}"`);
}

function readmeAgrees({ collector, readme, isUpdate }: Subject): void {
  const text = readFileSync(readme, 'utf8');
  for (const option of Object.keys(collector.options.properties))
    assert.ok(text.includes(`\`${option}\``), `${readme} says nothing of the option \`${option}\``);
  if (Object.keys(collector.fields).length === 0) return;
  const right = withFieldTable(text, collector.fields);
  if (isUpdate) writeFileSync(readme, right);
  else
    assert.equal(
      text,
      right,
      `${readme} does not have the fields of the definition; run the tests with CIS490_UPDATE=1`,
    );
}

interface PublishedSchema {
  readonly $id?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** The published schema is what readers of the data know: other fields under the same version would deceive them. */
function rowVersionRises({ collector, schemaFile, isUpdate }: Subject): void {
  if (Object.keys(collector.fields).length === 0) return;
  const schema = JSON.parse(JSON.stringify(rowSchema(collector, envelopeOf(collector.kind)))) as PublishedSchema;
  const published = existsSync(schemaFile) ? (JSON.parse(readFileSync(schemaFile, 'utf8')) as PublishedSchema) : null;
  if (isDeepStrictEqual(published, schema)) return; // however it is formatted
  const isSame = published !== null && isDeepStrictEqual(ownPart(published), ownPart(schema));
  if (isSame && !isUpdate) return;
  const version = Number(published?.$id?.slice(published.$id.lastIndexOf(':') + 1));
  assert.ok(
    published === null || isSame || version < collector.rowVersion,
    `the rows differ from ${schemaFile}, and rowVersion is still ${collector.rowVersion}: raise it to ${version + 1}, or delete the file if it was never published`,
  );
  assert.ok(
    isUpdate,
    `${schemaFile} is not that of rowVersion ${collector.rowVersion}; run the tests with CIS490_UPDATE=1`,
  );
  mkdirSync(dirname(schemaFile), { recursive: true });
  writeFileSync(schemaFile, `${JSON.stringify(schema, null, 2)}\n`);
}

/**
 * What the collector says of its rows: a host that tells more of its own columns changes nothing about them. Whether they
 * are placed by `tick` or by `seq` is the collector's choice, and stays.
 */
function ownPart({ properties = {}, required = [], ...rest }: PublishedSchema): unknown {
  const isOwn = (name: string) => !HOST_COLUMNS.has(name);
  return {
    ...rest,
    placedBy: required.includes('seq') ? 'seq' : 'tick',
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => isOwn(name))),
    required: required.filter(isOwn),
  };
}

const envelopeOf = (kind: string) => (kind === 'stream' ? 'seq' : 'tick');
