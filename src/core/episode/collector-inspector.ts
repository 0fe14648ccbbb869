import type { Catalog } from '../catalog/plugin-catalog.js';
import type { PluginRef } from '../catalog/plugin-ref.js';
import type { CollectorDescription } from '../collection/protocol.js';
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

  /** Of the named collectors, or of all there are; beside the process `pid`. Throws COLLECTOR_UNKNOWN, TARGET_NOT_FOUND. */
  async inspect(catalog: Catalog, names: readonly string[], pid: number): Promise<readonly Inspection[]> {
    const refs = names.length === 0 ? catalog.refs : names.map((name) => catalog.find(name));
    const target = attachToPid(pid, undefined);
    try {
      return await Promise.all(refs.map((ref) => this.#inspectOne(ref, target)));
    } finally {
      await target.close();
    }
  }

  async #inspectOne(ref: PluginRef, target: Target): Promise<Inspection> {
    const session = new CollectorSession(withDefaults(ref.name), ref, this.#workerEntry);
    let description: CollectorDescription | null = null;
    try {
      const problems = await describeSession(session, this.#schemas);
      description = session.description;
      if (problems.length > 0) return unavailable(ref, description, `it needs options: ${problems.join('; ')}`);
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

function withDefaults(name: string): PlannedCollector {
  return { source: name, use: name, vantage: 'local', isOptional: false, intervalNs: 1e8, options: {} };
}

function unavailable(ref: PluginRef, description: CollectorDescription | null, reason: string): Inspection {
  return { ref, description, status: 'unavailable', reason, remedy: null };
}
