import type { Catalog } from '../catalog/plugin-catalog.js';
import { explainError } from '../config/explain-errors.js';
import type { Plan, PlannedCollector } from '../config/plan.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import { CollectorSession } from './collector-session.js';

export interface PreparedCollectors {
  readonly sessions: readonly CollectorSession[];
  /** What is wrong with the configuration of single collectors, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Starts a thread for each collector, imports its plugin there, and holds the options against the plugin's schema.
 * Throws PLUGIN_* errors: a plugin that can't be loaded stops the episode, unless its collector is optional: it is absent then.
 */
export async function prepareCollectors(
  planned: readonly PlannedCollector[],
  catalog: Catalog,
  { workerEntry, schemas, baseDir }: { workerEntry: URL; schemas: SchemaRegistry; baseDir: string },
): Promise<PreparedCollectors> {
  const problems: string[] = [];
  const sessions = planned.flatMap((collector) => {
    try {
      return [new CollectorSession(collector, catalog.find(collector.use), workerEntry)];
    } catch (error) {
      problems.push(`collectors.${collector.source}: ${errorMessage(error)}`);
      return [];
    }
  });
  const describe = async (session: CollectorSession) => {
    try {
      return await describeSession(session, schemas, baseDir);
    } catch (error) {
      if (!session.planned.isOptional) throw error;
      session.markAbsent(explain(error));
      await session.host.terminate();
      return [];
    }
  };
  const results = await Promise.allSettled(sessions.map(describe));
  const broken = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (broken[0] !== undefined) {
    await endSessions(sessions);
    throw broken[0];
  }
  problems.push(...results.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])));
  return { sessions, problems };
}

function explain(error: unknown): string {
  return [errorMessage(error), ...(error instanceof CisError ? error.problems : [])].join('; ');
}

/** Imports the plugin and fills in its options; what its schema refuses, a sentence each. Throws PLUGIN_* errors. */
export async function describeSession(
  session: CollectorSession,
  schemas: SchemaRegistry,
  baseDir: string,
): Promise<string[]> {
  const description = await session.describe();
  if (Object.keys(description.options.properties).length === 0) return optionsOfNone(session);
  const validate = await schemas.options(description.options).catch((error: unknown) => {
    throw new CisError(
      'PLUGIN_INVALID',
      `collector "${description.name}": its options schema can not be compiled: ${errorMessage(error)}`,
      { cause: error },
    );
  });
  const options = structuredClone(session.planned.options);
  const isValid = validate(options);
  session.options = options;
  const where = `collectors.${session.source}.options`;
  if (!isValid) return (validate.errors ?? []).map((error) => explainError(error, where));
  const problem = await session.configure(baseDir);
  return problem === null ? [] : [`${where}: ${problem}`];
}

/** A collector without options needs no schema compiler, which would take longer to load than all else. */
function optionsOfNone({ source, planned }: CollectorSession): string[] {
  return Object.keys(planned.options).map(
    (name) => `collectors.${source}.options.${name}: there is no such key; there are none`,
  );
}

/** The oracles that profile "deployment" refuses: a deployed device has nothing like them. */
export function refusedOracles(profile: Plan['profile'], sessions: readonly CollectorSession[]): string[] {
  if (profile !== 'deployment') return [];
  return sessions
    .filter((session) => session.isPresent && !session.description.availableInDeployment.value)
    .map(
      ({ source, description }) =>
        `collectors.${source} is an oracle, which profile "deployment" refuses: ${description.availableInDeployment.rationale}`,
    );
}

export async function endSessions(sessions: readonly CollectorSession[]): Promise<void> {
  await Promise.all(sessions.map(({ host }) => host.terminate()));
}
