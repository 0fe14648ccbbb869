import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { API_VERSION } from '../contract/collector.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import type { PluginRef } from './plugin-ref.js';

interface Manifest {
  readonly apiVersion?: unknown;
  readonly collectors?: unknown;
  /** One module for all collectors, or one for each by its name. */
  readonly plugin?: unknown;
}

/** The collectors that a package declares in its package.json under "cis490"; none of its code is run. */
export function readPackageCollectors(packageFile: string, origin: PluginRef['origin']): PluginRef[] {
  const { name, cis490 } = readPackage(packageFile);
  const owner = typeof name === 'string' ? name : packageFile;
  const { apiVersion, collectors, plugin } = sectionOf(owner, cis490);
  if (apiVersion !== API_VERSION) {
    throw new CisError(
      'PLUGIN_API_VERSION',
      `plugin "${owner}" was written for apiVersion ${String(apiVersion)}; this cis490 has ${API_VERSION}`,
    );
  }
  if (!isNames(collectors))
    throw manifestError(
      owner,
      `"collectors" is ${JSON.stringify(collectors)}; it must list the names of its collectors in snake_case, each once`,
    );
  return collectors.map((collector) => ({
    name: collector,
    owner,
    origin,
    url: entryOf(packageFile, owner, plugin, collector),
  }));
}

function readPackage(path: string): { name?: unknown; cis490?: unknown } {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof content === 'object' && content !== null) return content;
    throw new Error('it holds no object');
  } catch (error) {
    throw new CisError('PLUGIN_MANIFEST', `${path} can not be read: ${errorMessage(error)}`, { cause: error });
  }
}

function sectionOf(owner: string, section: unknown): Manifest {
  if (typeof section !== 'object' || section === null) throw manifestError(owner, 'it has no "cis490" section');
  return section;
}

function entryOf(packageFile: string, owner: string, plugin: unknown, collector: string): string {
  const entry = typeof plugin === 'object' && plugin !== null ? (plugin as Record<string, unknown>)[collector] : plugin;
  if (typeof entry !== 'string') throw manifestError(owner, `"plugin" names no module for "${collector}"`);
  const path = resolve(dirname(packageFile), entry);
  if (!existsSync(path))
    throw new CisError(
      'PLUGIN_ENTRY_MISSING',
      `plugin "${owner}": in its package.json, "plugin" names ${entry}, which does not exist; looked for ${path}`,
    );
  return pathToFileURL(path).href;
}

const manifestError = (owner: string, what: string) =>
  new CisError('PLUGIN_MANIFEST', `plugin "${owner}": in its package.json, ${what}`);

const NAME = /^[a-z][a-z0-9_]{0,62}$/;

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((name) => typeof name === 'string' && NAME.test(name)) &&
  new Set(value).size === value.length;

/** The package.json of an installed (or linked) package, looked for in every node_modules from `baseDir` upwards. */
export function findPackage(name: string, baseDir: string): string {
  const places: string[] = [];
  for (let folder = resolve(baseDir); ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name, 'package.json');
    if (existsSync(place)) return place;
    places.push(dirname(place));
    if (folder === dirname(folder)) break;
  }
  throw new CisError('PLUGIN_NOT_FOUND', `plugin "${name}" is not installed; looked in ${places.join(', ')}`);
}
