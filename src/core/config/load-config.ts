import { dirname, extname, resolve } from 'node:path';
import { cosmiconfig, defaultLoaders } from 'cosmiconfig';
import { CisError } from '../errors/cis-error.js';
import { errorCode, errorMessage } from '../errors/describe-error.js';

export interface LoadedConfig {
  /** What the file says, unchecked. */
  readonly raw: unknown;
  /** The file, or null where none was found. */
  readonly path: string | null;
  /** Relative paths of the configuration start here. */
  readonly baseDir: string;
}

/** YAML 1.2 reads JSON too. A configuration is data: nothing that is found by searching is ever executed. */
const readAsData = (path: string, content: string): unknown => withoutDates(defaultLoaders['.yaml'](path, content));

/** YAML makes a Date of an unquoted 2026-01-31; JSON has none, and the schema asks for its text. */
function withoutDates(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '');
  if (Array.isArray(value)) return value.map(withoutDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutDates(item)]));
}

const SEARCH_PLACES = ['.cis490rc', '.cis490rc.json', '.cis490rc.yaml', '.cis490rc.yml'];

/** The file given, or else the nearest one from `cwd` up to the project's package.json. Throws CONFIG_UNREADABLE. */
export async function loadConfig({ file, cwd }: { file?: string | undefined; cwd: string }): Promise<LoadedConfig> {
  try {
    const found = file === undefined ? await searcher().search(cwd) : await loaderFor(file).load(resolve(cwd, file));
    if (found === null) return { raw: {}, path: null, baseDir: cwd };
    return { raw: found.isEmpty ? {} : found.config, path: found.filepath, baseDir: dirname(found.filepath) };
  } catch (error) {
    const place = file ?? 'the configuration file';
    const reason = errorCode(error) === 'ENOENT' ? 'there is no such file' : errorMessage(error);
    throw new CisError('CONFIG_UNREADABLE', `${place} can not be read: ${reason}`, { cause: error });
  }
}

const searcher = () =>
  cosmiconfig('cis490', {
    searchPlaces: SEARCH_PLACES,
    searchStrategy: 'project',
    loaders: { noExt: readAsData, '.json': readAsData },
  });

/** A file named outright may have any ending. */
const loaderFor = (file: string) =>
  cosmiconfig('cis490', { loaders: { noExt: readAsData, [extname(file) || 'noExt']: readAsData } });
