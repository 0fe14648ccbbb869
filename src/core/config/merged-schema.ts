import type { CollectorDescription } from '../collection/protocol.js';
import type { JsonSchema } from '../rows/row-schema.js';

interface ConfigSchema extends JsonSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly $defs: Readonly<Record<string, JsonSchema & { readonly properties?: Readonly<Record<string, JsonSchema>> }>>;
}

/** The configuration's schema with the options of each collector in its place, so that an editor completes those too. */
export function mergedSchema(schema: JsonSchema, collectors: readonly CollectorDescription[]): JsonSchema {
  const { properties, $defs } = schema as ConfigSchema;
  const collector = $defs.collector!;
  const own = collectors.map(({ name, summary, options }) => [
    name,
    { ...collector, description: summary, properties: { ...collector.properties, options } },
  ]);
  return {
    ...schema,
    properties: { ...properties, collectors: { ...properties.collectors, properties: Object.fromEntries(own) } },
  };
}
