import type { Catalog } from '../catalog/plugin-catalog.js';
import { explainError } from '../config/explain-errors.js';
import type { Plan, PlannedCollector } from '../config/plan.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import type { SchemaRegistry } from '../schemas/schema-registry.js';
import { endOwnPrograms } from '../targets/orphans.js';
import { CollectorSession } from './collector-session.js';

export interface PreparedCollectors {
  readonly sessions: readonly CollectorSession[];
  /** What is wrong with the configuration of single collectors, a sentence each. */
  readonly problems: readonly string[];
  /** Those of them that are errors with a code of their own: a name that nobody has, or more than one. */
  readonly errors: readonly unknown[];
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
  const errors: unknown[] = [];
  const sessions = planned.flatMap((collector) => {
    try {
      return [new CollectorSession(collector, catalog.find(collector.use), workerEntry)];
    } catch (error) {
      errors.push(error);
      problems.push(`collectors.${collector.source}: ${explain(error)}`);
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
  return { sessions, problems, errors };
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
  if (session.planned.vantage === 'guest' && description.kind !== 'files')
    return [
      `collectors.${session.source}.vantage is "guest", but "${description.name}" is of kind "${description.kind}": only collectors of kind "files" can be read in a guest`,
    ];
  const where = `collectors.${session.source}.options`;
  const problems =
    Object.keys(description.options.properties).length === 0
      ? optionsOfNone(session)
      : await checkOptions(session, schemas);
  if (problems.length > 0) return problems;
  const problem = await session.configure(baseDir);
  return problem === null ? [] : [`${where}: ${problem}`];
}

/** Fills in the defaults. What the plugin's schema refuses, a sentence each. Throws PLUGIN_SCHEMA. */
async function checkOptions(session: CollectorSession, schemas: SchemaRegistry): Promise<string[]> {
  const { description } = session;
  const validate = await schemas.options(description.options).catch((error: unknown) => {
    throw new CisError(
      'PLUGIN_SCHEMA',
      `collector "${description.name}": its options schema can not be compiled: ${errorMessage(error)}`,
      { cause: error },
    );
  });
  const options = structuredClone(session.planned.options);
  const isValid = validate(options);
  session.options = options;
  return isValid
    ? []
    : (validate.errors ?? []).map((error) => explainError(error, `collectors.${session.source}.options`));
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

/** Ends their threads, and then what those had started. */
export async function endSessions(sessions: readonly CollectorSession[]): Promise<void> {
  await Promise.all(sessions.map(({ host }) => host.terminate()));
  for (const session of sessions) session.close();
  if (sessions.some(({ hasStarted }) => hasStarted)) await endOwnPrograms();
}
