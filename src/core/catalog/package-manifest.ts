import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { API_VERSION } from '../contract/collector.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import type { DestinationRef } from './destination-ref.js';
import type { PluginRef } from './plugin-ref.js';

interface Manifest {
  readonly apiVersion?: unknown;
  readonly collectors?: unknown;
  /** One module for all collectors, or one for each by its name. */
  readonly plugin?: unknown;
  /** By its name: the schemes that it takes, and its module. A package may have destinations, collectors, or both. */
  readonly destinations?: unknown;
}

/** The collectors that a package declares in its package.json under "cis490"; none of its code is run. */
export function readPackageCollectors(packageFile: string, origin: PluginRef['origin']): PluginRef[] {
  const { owner, section } = readManifest(packageFile);
  const { collectors, plugin, destinations } = section;
  if (collectors === undefined && destinations !== undefined) return [];
  if (!isNames(collectors))
    throw manifestError(
      owner,
      `"collectors" is ${JSON.stringify(collectors)}; it must list the names of its collectors in snake_case, each once`,
    );
  return collectors.map((collector) => ({
    name: collector,
    owner,
    origin,
    url: urlOf(packageFile, owner, 'plugin', moduleOf(owner, plugin, collector)),
  }));
}

/** The destinations that it declares. */
export function readPackageDestinations(packageFile: string): DestinationRef[] {
  const { owner, section } = readManifest(packageFile);
  const { destinations = {} } = section;
  if (typeof destinations !== 'object' || destinations === null || Array.isArray(destinations))
    throw manifestError(owner, `"destinations" is ${JSON.stringify(destinations)}; it must name its destinations`);
  return Object.entries(destinations).map(([name, declared]) => {
    const { schemes, module } = (declared ?? {}) as { schemes?: unknown; module?: unknown };
    if (!NAME.test(name) || !isSchemes(schemes) || typeof module !== 'string')
      throw manifestError(
        owner,
        `the destination "${name}" is ${JSON.stringify(declared)}; it must be like {"schemes": ["ftp"], "module": "./dist/ftp.js"}, its name in snake_case`,
      );
    return { name, schemes, owner, url: urlOf(packageFile, owner, 'destinations', module) };
  });
}

function readManifest(packageFile: string): { owner: string; section: Manifest } {
  const { name, cis490 } = readPackage(packageFile);
  const owner = typeof name === 'string' ? name : packageFile;
  const section = sectionOf(owner, cis490);
  if (section.apiVersion === API_VERSION) return { owner, section };
  throw new CisError(
    'PLUGIN_API_VERSION',
    `plugin "${owner}" was written for apiVersion ${JSON.stringify(section.apiVersion)}; this cis490 has ${API_VERSION}`,
  );
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

function moduleOf(owner: string, plugin: unknown, collector: string): string {
  const entry = typeof plugin === 'object' && plugin !== null ? (plugin as Record<string, unknown>)[collector] : plugin;
  if (typeof entry === 'string') return entry;
  throw manifestError(owner, `"plugin" names no module for "${collector}"`);
}

function urlOf(packageFile: string, owner: string, key: string, entry: string): string {
  const path = resolve(dirname(packageFile), entry);
  if (!existsSync(path))
    throw new CisError(
      'PLUGIN_ENTRY_MISSING',
      `plugin "${owner}": in its package.json, "${key}" names ${entry}, which does not exist; looked for ${path}`,
    );
  return pathToFileURL(path).href;
}

const manifestError = (owner: string, what: string) =>
  new CisError('PLUGIN_MANIFEST', `plugin "${owner}": in its package.json, ${what}`);

const NAME = /^[a-z][a-z0-9_]{0,62}$/;

const SCHEME = /^[a-z][a-z0-9+.-]*$/;

const isSchemes = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string' && SCHEME.test(each));

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
