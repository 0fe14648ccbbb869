import { readPackageCollectors } from './core/catalog/package-manifest.js';
import { CatalogBuilder } from './core/catalog/plugin-catalog.js';
import { container, type DependencyContainer } from './core/di/container.js';
import { CLOCK, PLUGIN_REF, ROOTS, VERSION, WORKER_ENTRY } from './core/di/tokens.js';
import { CollectorInspector } from './core/episode/collector-inspector.js';
import { EpisodeRunner } from './core/episode/episode-runner.js';
import { packageFile, packageVersion, workerEntry } from './core/package-info.js';
import { SchemaRegistry } from './core/schemas/schema-registry.js';
import { systemClock } from './core/time/clock.js';
import { EpisodeValidator } from './core/validation/validate-episode.js';

/**
 * The one place where the parts are put together. The built-in collectors come in as third parties' do: by the section
 * "cis490" of a package.json, here our own.
 */
function compose(): DependencyContainer {
  const root = container.createChildContainer();
  root.registerInstance(CLOCK, systemClock);
  root.registerInstance(ROOTS, { proc: '/proc', sys: '/sys' });
  root.registerInstance(VERSION, packageVersion());
  root.registerInstance(WORKER_ENTRY, workerEntry);
  for (const ref of readPackageCollectors(packageFile, 'builtin')) root.registerInstance(PLUGIN_REF, ref);
  root.registerSingleton(SchemaRegistry);
  root.registerSingleton(CatalogBuilder);
  root.registerSingleton(EpisodeRunner);
  root.registerSingleton(EpisodeValidator);
  root.registerSingleton(CollectorInspector);
  return root;
}

/** What commands ask for. */
export function services(): {
  readonly episodes: EpisodeRunner;
  readonly catalogs: CatalogBuilder;
  readonly schemas: SchemaRegistry;
  readonly validator: EpisodeValidator;
  readonly inspector: CollectorInspector;
} {
  const root = compose();
  return {
    get episodes() {
      return root.resolve(EpisodeRunner);
    },
    get catalogs() {
      return root.resolve(CatalogBuilder);
    },
    get schemas() {
      return root.resolve(SchemaRegistry);
    },
    get inspector() {
      return root.resolve(CollectorInspector);
    },
    get validator() {
      return root.resolve(EpisodeValidator);
    },
  };
}
