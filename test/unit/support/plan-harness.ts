import type { ConfigFlags } from '../../../src/core/config/flags.js';
import { makePlan } from '../../../src/core/config/make-plan.js';
import type { Plan } from '../../../src/core/config/plan.js';
import { SchemaRegistry } from '../../../src/core/schemas/schema-registry.js';

const schemas = new SchemaRegistry();

export const TARGET = { type: 'pid', pid: 1 };

export function tryPlan(raw: unknown, flags: ConfigFlags = {}) {
  const loaded = { raw, path: '/base/.cis490rc', baseDir: '/base' };
  return makePlan({ loaded, flags, cwd: '/cwd', schemas });
}

/** The plan of a configuration that has no problem. */
export function planOf(raw: object, flags: ConfigFlags = {}): Plan {
  const result = tryPlan(raw, flags);
  if ('plan' in result) return result.plan;
  throw new Error(result.problems.join('\n'));
}

export function problemsOf(raw: unknown, flags: ConfigFlags = {}): readonly string[] {
  const result = tryPlan(raw, flags);
  return 'problems' in result ? result.problems : [];
}
