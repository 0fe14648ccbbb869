import { injectAll, injectable } from '../di/container.js';
import { DESTINATION_REF } from '../di/tokens.js';
import { CisError } from '../errors/cis-error.js';
import type { DestinationRef } from './destination-ref.js';
import { findPackage, readPackageDestinations } from './package-manifest.js';

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
const BARE_FILE = /^[./]/;

/** Finds the destination for what was given with --to. */
@injectable()
export class DestinationCatalog {
  readonly #registered: readonly DestinationRef[];

  constructor(@injectAll(DESTINATION_REF) registered: readonly DestinationRef[]) {
    this.#registered = registered;
  }

  /** `plugins` are those of the configuration: packages may bring destinations, bare files only collectors. Throws DESTINATION_UNKNOWN, PLUGIN_*. */
  find(to: string, plugins: readonly string[], baseDir: string): DestinationRef {
    const packages = plugins.filter((plugin) => !BARE_FILE.test(plugin));
    const refs = [
      ...this.#registered,
      ...packages.flatMap((plugin) => readPackageDestinations(findPackage(plugin, baseDir))),
    ];
    const scheme = schemeOf(to);
    const found = refs.filter(({ schemes }) => schemes.includes(scheme));
    if (found.length > 1) {
      const owners = found.map(({ owner, name }) => `${name} of ${owner}`).join(' and ');
      throw new CisError('PLUGIN_NAME_TAKEN', `more than one destination takes ${scheme}: ${owners}`, {
        hint: 'Leave one of the packages out of "plugins".',
      });
    }
    if (found[0] !== undefined) return found[0];
    const known = refs.flatMap(({ schemes }) => schemes).sort();
    const file = plugins.find((plugin) => BARE_FILE.test(plugin));
    throw new CisError(
      'DESTINATION_UNKNOWN',
      `no destination takes ${scheme}://; there are ${known.join(', ')}`,
      file === undefined
        ? {}
        : { hint: `A destination is named by its package; ${file} under "plugins" is a path, and brings collectors.` },
    );
  }
}

/** What is no URL is a path. */
export const schemeOf = (to: string): string => SCHEME.exec(to)?.[1]?.toLowerCase() ?? 'file';
