import { checkDefinition } from '../contract/check-definition.js';
import type { AnyCollector } from '../contract/collector.js';
import type { PluginOptions } from './protocol.js';

/**
 * The collector as its configuration makes it; one that is not told by its configuration is left as it is.
 * Throws what `configure` throws, or an Error with what it returned that breaks the contract.
 */
export function configureCollector(collector: AnyCollector, options: PluginOptions, baseDir: string): AnyCollector {
  if (collector.configure === undefined) return collector;
  const { configure, ...configured } = collector.configure(options, { baseDir });
  const problems = checkDefinition(configured);
  if (problems.length > 0) throw new Error(problems.join('; '));
  const { name, kind } = collector;
  if (configured.name === name && configured.kind === kind) return configured;
  throw new Error(
    `configure made a ${configured.kind} collector "${configured.name}" of the ${kind} collector "${name}"`,
  );
}
