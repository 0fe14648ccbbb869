import { DestinationCatalog } from './core/catalog/destination-catalog.js';
import { readPackageCollectors, readPackageDestinations } from './core/catalog/package-manifest.js';
import { CatalogBuilder } from './core/catalog/plugin-catalog.js';
import { FeatureApplier } from './core/dataset/apply-features.js';
import { DatasetBuilder } from './core/dataset/build-dataset.js';
import { container, type DependencyContainer } from './core/di/container.js';
import { CLOCK, DESTINATION_REF, PLUGIN_REF, ROOTS, VERSION, WORKER_ENTRY } from './core/di/tokens.js';
import { CollectorInspector } from './core/episode/collector-inspector.js';
import { EpisodeRunner } from './core/episode/episode-runner.js';
import { EpisodeLabeller } from './core/labels/relabel-episode.js';
import { packageFile, packageVersion, workerEntry } from './core/package-info.js';
import { EpisodeRecoverer } from './core/recovery/recover-episode.js';
import { SchemaRegistry } from './core/schemas/schema-registry.js';
import { Shipper } from './core/ship/shipper.js';
import { systemClock } from './core/time/clock.js';
import { EpisodeValidator } from './core/validation/validate-episode.js';

/**
 * The one place where the parts are put together. The built-in collectors and destinations come in as third parties' do: by the
 * section "cis490" of a package.json, here our own.
 */
function compose(): DependencyContainer {
  const root = container.createChildContainer();
  root.registerInstance(CLOCK, systemClock);
  root.registerInstance(ROOTS, { proc: '/proc', sys: '/sys' });
  root.registerInstance(VERSION, packageVersion());
  root.registerInstance(WORKER_ENTRY, workerEntry);
  for (const ref of readPackageCollectors(packageFile, 'builtin')) root.registerInstance(PLUGIN_REF, ref);
  for (const ref of readPackageDestinations(packageFile)) root.registerInstance(DESTINATION_REF, ref);
  root.registerSingleton(SchemaRegistry);
  root.registerSingleton(DestinationCatalog);
  root.registerSingleton(CatalogBuilder);
  root.registerSingleton(EpisodeRunner);
  root.registerSingleton(EpisodeValidator);
  root.registerSingleton(EpisodeRecoverer);
  root.registerSingleton(EpisodeLabeller);
  root.registerSingleton(CollectorInspector);
  root.registerSingleton(DatasetBuilder);
  root.registerSingleton(FeatureApplier);
  root.registerSingleton(Shipper);
  return root;
}

/** What commands ask for. */
export function services(): {
  readonly episodes: EpisodeRunner;
  readonly catalogs: CatalogBuilder;
  readonly schemas: SchemaRegistry;
  readonly validator: EpisodeValidator;
  readonly inspector: CollectorInspector;
  readonly recoverer: EpisodeRecoverer;
  readonly labeller: EpisodeLabeller;
  readonly datasets: DatasetBuilder;
  readonly applier: FeatureApplier;
  readonly shipper: Shipper;
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
    get recoverer() {
      return root.resolve(EpisodeRecoverer);
    },
    get labeller() {
      return root.resolve(EpisodeLabeller);
    },
    get datasets() {
      return root.resolve(DatasetBuilder);
    },
    get applier() {
      return root.resolve(FeatureApplier);
    },
    get shipper() {
      return root.resolve(Shipper);
    },
    get validator() {
      return root.resolve(EpisodeValidator);
    },
  };
}
