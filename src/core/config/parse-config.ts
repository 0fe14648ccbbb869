import { defaultLoaders } from 'cosmiconfig';
import { errorMessage } from '../errors/describe-error.js';
import { plainData } from './plain-data.js';

/**
 * What a configuration says, as JSON has it; an empty mapping where it says nothing. YAML 1.2 reads JSON too. A
 * configuration is data: nothing in it is executed. Throws in words, without a line of the file: that may be a secret.
 */
export function parseConfig(path: string, text: string): unknown {
  return plainData(loadYaml(path, text)) ?? {};
}

/**
 * Of cosmiconfig the loader alone: its search runs the JavaScript that it finds in the working directory
 * (`.config/config.js`, and what "searchPlaces" of a package.json or "$import" of a configuration names).
 */
function loadYaml(path: string, text: string): unknown {
  try {
    return defaultLoaders['.yaml'](path, text);
  } catch (error) {
    throw new Error(yamlReason(error), { cause: error });
  }
}

/** What js-yaml says; without the lines that it and cosmiconfig put around it. */
function yamlReason(error: unknown): string {
  const { reason, mark } = error as { reason?: unknown; mark?: { line: number; column: number } };
  if (typeof reason !== 'string') return `it is neither JSON nor YAML: ${errorMessage(error).split('\n', 1)[0]}`;
  return mark === undefined ? reason : `line ${mark.line + 1}, column ${mark.column + 1}: ${reason}`;
}
