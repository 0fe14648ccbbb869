import { checkParts, type DefinitionPart } from '../contract/check-definition.js';
import type { AnyCollector } from '../contract/collector.js';
import type { CollectorDescription, RejectionCode } from './protocol.js';

const CODES: Readonly<Record<DefinitionPart, RejectionCode>> = {
  shape: 'PLUGIN_EXPORT',
  apiVersion: 'PLUGIN_API_VERSION',
  availability: 'PLUGIN_AVAILABILITY',
  schemas: 'PLUGIN_SCHEMA',
};

/** A plugin that breaks the contract; `problems` says where. */
export class PluginRejected extends Error {
  readonly code: RejectionCode;
  readonly problems: readonly string[];

  constructor(code: RejectionCode, message: string, problems: readonly string[] = []) {
    super(message);
    this.name = 'PluginRejected';
    this.code = code;
    this.problems = problems;
  }
}

/** Imports a plugin's module: its default export is a collector, or an array of them. Throws PluginRejected, or what the import throws. */
export async function loadCollectors(url: string): Promise<readonly AnyCollector[]> {
  const module = (await import(url)) as { default?: unknown };
  if (module.default === undefined)
    throw new PluginRejected('PLUGIN_EXPORT', 'it has no default export; export default defineCollector({...})');
  const exported = Array.isArray(module.default) ? module.default : [module.default];
  if (exported.length === 0) throw new PluginRejected('PLUGIN_EXPORT', 'its default export is an empty array');
  const problems: string[] = [];
  const codes = new Set<RejectionCode>();
  for (const value of exported)
    for (const [part, found] of Object.entries(checkParts(value))) {
      problems.push(...found.map((problem) => `${nameOf(value)}: ${problem}`));
      if (found.length > 0) codes.add(CODES[part as DefinitionPart]);
    }
  const [code] = codes;
  if (code !== undefined)
    throw new PluginRejected(
      codes.size > 1 ? 'PLUGIN_INVALID' : code,
      'its default export is no valid collector',
      problems,
    );
  return exported as AnyCollector[];
}

function nameOf(value: unknown): string {
  const name = (value as { name?: unknown } | null)?.name;
  return typeof name === 'string' ? name : 'default export';
}

/** The part of a definition that is data. */
export function describeCollector(collector: AnyCollector): CollectorDescription {
  const { kind, apiVersion, name, version, rowVersion, summary, requires, availableInDeployment, fields, options } =
    collector;
  const flags = {
    async: 'async' in collector && collector.async === true,
    sparse: 'sparse' in collector && collector.sparse === true,
    isConfigurable: collector.configure !== undefined,
  };
  const data = {
    kind,
    apiVersion,
    name,
    version,
    rowVersion,
    summary,
    requires,
    availableInDeployment,
    fields,
    options,
    ...flags,
  };
  return JSON.parse(JSON.stringify(data)) as CollectorDescription;
}
