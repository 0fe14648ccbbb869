import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type AnyCollector,
  API_VERSION,
  defineCollector,
  type Fields,
  type ProbeResult,
  type StreamContext,
} from '../../index.js';
import { findProgram, JsonLines } from '../../program.js';
import { type ExecOptions, OPTIONS } from './options.js';
import { fieldsFromSchema } from './row-schema.js';

const exec = {
  kind: 'stream',
  apiVersion: API_VERSION,
  name: 'exec',
  version: '1.0.0',
  rowVersion: 1,
  summary: 'Any program, in any language, that prints a row of JSON per line.',
  availableInDeployment: {
    value: false,
    rationale: 'What a program reads is unknown until the configuration says so.',
  },
  fields: {},
  options: OPTIONS,
} as const;

export default defineCollector({
  ...exec,
  create() {
    throw new Error('its configuration has to tell its rows first');
  },
  configure: (options, { baseDir }) =>
    configured(options, fieldsFromSchema(readSchema(options.schema, baseDir)), resolve(baseDir, options.cwd)),
});

/** The collector that the configuration describes. */
function configured(options: ExecOptions, fields: Fields, cwd: string): AnyCollector {
  const { argv, restart, restart_delay_ms: restartDelayMs } = options;
  const env = options.env as Readonly<Record<string, string>>;
  return {
    ...exec,
    fields,
    rowVersion: options.row_version,
    availableInDeployment: { value: options.available_in_deployment, rationale: options.rationale },
    probe: () => probe(argv[0]!, cwd, env.PATH),
    create: (_options: unknown, context: StreamContext<Fields, unknown>) =>
      new JsonLines({ argv, cwd, env, restart, restartDelayMs, fields }, context),
  };
}

function probe(program: string, cwd: string, path: string | undefined): ProbeResult {
  if (!isFolder(cwd))
    return {
      status: 'unavailable',
      reason: `there is no folder ${cwd} to run it in`,
      remedy: 'create it, or correct "cwd"',
    };
  if (findProgram(program, cwd, path) !== null) return { status: 'ok' };
  const where = program.includes('/') ? `from ${cwd}` : 'in PATH';
  return {
    status: 'unavailable',
    reason: `no program "${program}" that can be run ${where}`,
    remedy: 'install it, make it executable, or correct "argv"',
  };
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Throws in words what keeps the schema from being read. */
function readSchema(schema: ExecOptions['schema'], baseDir: string): unknown {
  if (typeof schema !== 'string') return schema;
  const path = resolve(baseDir, schema);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`schema: ${path} can not be read as JSON: ${(error as Error).message}`);
  }
}
