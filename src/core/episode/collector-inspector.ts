import type { Catalog } from '../catalog/plugin-catalog.js';
import type { PluginRef } from '../catalog/plugin-ref.js';
import { describePlugin } from '../collection/describe-plugin.js';
import type { CollectorDescription, PluginOptions } from '../collection/protocol.js';
import type { CollectorConfig } from '../config/config.js';
import type { PlannedCollector } from '../config/plan.js';
import { inject, injectable } from '../di/container.js';
import { ROOTS, WORKER_ENTRY } from '../di/tokens.js';
import { errorMessage } from '../errors/describe-error.js';
import { localVantageFacts } from '../procfs/vantage-facts.js';
import { SchemaRegistry } from '../schemas/schema-registry.js';
import { attachToPid } from '../targets/pid-target.js';
import type { Target } from '../targets/target.js';
import { CollectorSession } from './collector-session.js';
import { describeSession } from './prepare-collectors.js';

/** What a collector is, and whether it can run here. */
export interface Inspection {
  readonly ref: PluginRef;
  /** Null where the plugin could not be loaded. */
  readonly description: CollectorDescription | null;
  readonly status: 'ok' | 'partial' | 'unavailable';
  readonly reason: string | null;
  readonly remedy: string | null;
}

export interface InspectOptions {
  /** The process beside which they are probed. */
  readonly pid: number;
  /** The folder that the configuration's relative paths start from. */
  readonly baseDir: string;
  /** What the configuration says of collectors, by their names there. */
  readonly configured: Readonly<Record<string, CollectorConfig | null | undefined>>;
}

/** Loads and probes collectors, each in a thread of its own; none of them is sampled. */
@injectable()
export class CollectorInspector {
  readonly #workerEntry: URL;
  readonly #schemas: SchemaRegistry;
  readonly #roots: { readonly proc: string; readonly sys: string };

  constructor(
    @inject(WORKER_ENTRY) workerEntry: URL,
    @inject(SchemaRegistry) schemas: SchemaRegistry,
    @inject(ROOTS) roots: { readonly proc: string; readonly sys: string },
  ) {
    this.#workerEntry = workerEntry;
    this.#schemas = schemas;
    this.#roots = roots;
  }

  /** Of the named collectors, or of all there are. Throws COLLECTOR_UNKNOWN, TARGET_NOT_FOUND. */
  async inspect(
    catalog: Catalog,
    names: readonly string[],
    { pid, baseDir, configured }: InspectOptions,
  ): Promise<readonly Inspection[]> {
    const refs = names.length === 0 ? catalog.refs : names.map((name) => catalog.find(configured[name]?.use ?? name));
    const target = attachToPid(pid, undefined);
    try {
      return await Promise.all(
        refs.map((ref, i) => this.#inspectOne(ref, target, baseDir, configured[names[i] ?? ref.name]?.options)),
      );
    } finally {
      await target.close();
    }
  }

  /** What can be loaded of a catalog, without asking whether it can run here. */
  async describe({ refs }: Catalog): Promise<readonly CollectorDescription[]> {
    const described = await Promise.all(
      refs.map(async ({ name, owner, url }) => {
        const all = await describePlugin({ owner, url, workerEntry: this.#workerEntry }).catch(() => []);
        return all.filter((description) => description.name === name);
      }),
    );
    return described.flat();
  }

  async #inspectOne(
    ref: PluginRef,
    target: Target,
    baseDir: string,
    options: PluginOptions | undefined,
  ): Promise<Inspection> {
    const session = new CollectorSession(planned(ref.name, options), ref, this.#workerEntry);
    let description: CollectorDescription | null = null;
    try {
      const problems = await describeSession(session, this.#schemas, baseDir);
      description = session.description;
      if (problems.length > 0) return needsOptions(ref, description, problems, options === undefined);
      const { status, reason, remedy } = await session.probe(
        session.setup(target, localVantageFacts(), this.#roots, 1),
      );
      return { ref, description, status, reason: reason ?? null, remedy: remedy ?? null };
    } catch (error) {
      return unavailable(ref, description, errorMessage(error));
    } finally {
      await session.host.terminate();
    }
  }
}

function planned(name: string, options: PluginOptions = {}): PlannedCollector {
  return { source: name, use: name, vantage: 'local', isOptional: false, intervalNs: 1e8, lateAfterNs: 1e8, options };
}

/** Without any options it is not at fault: nobody has told it what to do. */
function needsOptions(
  ref: PluginRef,
  description: CollectorDescription,
  problems: readonly string[],
  areMissing: boolean,
): Inspection {
  if (!areMissing) return unavailable(ref, description, problems.join('; '));
  const reason = `it can be tried with its options only: ${(description.options.required ?? []).join(', ')}`;
  const remedy = `give them in the configuration; "collector describe ${ref.name}" lists them`;
  return { ref, description, status: 'partial', reason, remedy };
}

function unavailable(ref: PluginRef, description: CollectorDescription | null, reason: string): Inspection {
  return { ref, description, status: 'unavailable', reason, remedy: null };
}
