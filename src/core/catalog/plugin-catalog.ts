import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describePlugin } from '../collection/describe-plugin.js';
import { inject, injectAll, injectable } from '../di/container.js';
import { PLUGIN_REF, WORKER_ENTRY } from '../di/tokens.js';
import { CisError } from '../errors/cis-error.js';
import { findPackage, readPackageCollectors } from './package-manifest.js';
import type { PluginRef } from './plugin-ref.js';

/** As npm has it, capitals of old packages included: no such name leads out of a node_modules folder. */
const PACKAGE_NAME = /^(?:@[A-Za-z0-9~-][\w.~-]*\/)?[A-Za-z0-9~-][\w.~-]*$/;

/** The collectors that an episode can choose from. */
export class Catalog {
  readonly refs: readonly PluginRef[];

  constructor(refs: readonly PluginRef[]) {
    this.refs = refs;
  }

  /** The collector behind `name`, or behind `owner#name`. Throws COLLECTOR_UNKNOWN or PLUGIN_NAME_TAKEN. */
  find(use: string): PluginRef {
    const hash = use.lastIndexOf('#');
    const name = use.slice(hash + 1);
    const found = this.refs.filter((ref) => ref.name === name && (hash < 0 || ref.owner === use.slice(0, hash)));
    if (found.length > 1) {
      const uses = found.map(({ owner }) => `"${owner}#${name}"`).join(' and ');
      throw new CisError('PLUGIN_NAME_TAKEN', `more than one plugin has a collector "${name}": ${uses}`);
    }
    if (found[0] !== undefined) return found[0];
    throw new CisError(
      'COLLECTOR_UNKNOWN',
      `no collector "${use}"; there are ${this.refs.map((ref) => ref.name).join(', ')}`,
    );
  }
}

/** Finds the plugins that a configuration names, beside those of the container. */
@injectable()
export class CatalogBuilder {
  readonly #registered: readonly PluginRef[];
  readonly #workerEntry: URL;

  constructor(@injectAll(PLUGIN_REF) registered: readonly PluginRef[], @inject(WORKER_ENTRY) workerEntry: URL) {
    this.#registered = registered;
    this.#workerEntry = workerEntry;
  }

  /** Names are packages, or files if they begin with a dot or a slash; both from `baseDir`. Throws PLUGIN_* errors. */
  async build(plugins: readonly string[], baseDir: string): Promise<Catalog> {
    const found = await Promise.all(plugins.map((plugin) => this.#resolve(plugin, baseDir)));
    return new Catalog([...this.#registered, ...found.flat()]);
  }

  async #resolve(plugin: string, baseDir: string): Promise<readonly PluginRef[]> {
    if (/^[./]/.test(plugin) && !plugin.includes('\0')) return this.#fromFile(plugin, resolve(baseDir, plugin));
    if (PACKAGE_NAME.test(plugin)) return readPackageCollectors(findPackage(plugin, baseDir), 'package');
    throw new CisError(
      'PLUGIN_NOT_FOUND',
      `plugin ${JSON.stringify(plugin)} is neither the name of a package nor the path of a file`,
      { hint: 'A package is named like "cis490-plugin-gpu" or "@acme/gpu"; a path begins with "./", "../" or "/".' },
    );
  }

  /** A bare file declares nothing: a worker has to import it to learn its names. */
  async #fromFile(owner: string, path: string): Promise<readonly PluginRef[]> {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there === undefined)
      throw new CisError('PLUGIN_ENTRY_MISSING', `plugin "${owner}" does not exist; looked for ${path}`);
    if (there.isDirectory())
      throw new CisError(
        'PLUGIN_ENTRY_MISSING',
        `plugin "${owner}" is a folder (${path}); name its module, as in "${owner.replace(/\/$/, '')}/dist/index.js"`,
      );
    if (extname(path) === '.ts' && !runsTypeScript()) {
      throw new CisError(
        'PLUGIN_LOAD',
        `plugin "${owner}" is TypeScript, which Node ${process.versions.node} does not run`,
        { hint: 'Compile it, or use Node 22.18 or newer.' },
      );
    }
    const url = pathToFileURL(path).href;
    const collectors = await describePlugin({ owner, url, workerEntry: this.#workerEntry });
    return collectors.map(({ name }) => ({ name, url, owner, origin: 'file' }));
  }
}

const runsTypeScript = (): boolean => Boolean((process.features as { typescript?: unknown }).typescript);
