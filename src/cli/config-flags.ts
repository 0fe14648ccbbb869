import { resolve } from 'node:path';
import { Flags } from '@oclif/core';
import type { Config } from '../core/config/config.js';
import type { ConfigFlags } from '../core/config/flags.js';
import { type LoadedConfig, loadConfig } from '../core/config/load-config.js';
import { makePlan, outputFolder, type PlanResult } from '../core/config/make-plan.js';
import { CisError } from '../core/errors/cis-error.js';
import type { SchemaRegistry } from '../core/schemas/schema-registry.js';

/** Flags that say where episodes are. */
export const outputFlags = {
  config: Flags.string({
    description: 'Configuration file; without it the nearest .cis490rc is read.',
    helpValue: 'FILE',
  }),
  output: Flags.string({ description: 'Folder of episodes. Default: data/episodes.', helpValue: 'DIR' }),
};

interface OutputFlags {
  readonly config?: string | undefined;
  readonly output?: string | undefined;
}

/** The folder of episodes, absolute. */
export async function outputOf({ config, output }: OutputFlags): Promise<string> {
  const cwd = process.cwd();
  if (output !== undefined) return resolve(cwd, output);
  const loaded = await loadConfig({ file: config, cwd });
  return outputFolder((loaded.raw ?? {}) as Config, loaded, output, cwd);
}

/** Flags that say which configuration, and what to override in it. */
export const configFlags = {
  'target-pid': Flags.integer({ description: 'Observe this process.', helpValue: 'PID', min: 1 }),
  duration: Flags.string({ description: 'How long to record.', helpValue: '10s' }),
  interval: Flags.string({ description: 'Time between two samples, for every collector.', helpValue: '100ms' }),
  collector: Flags.string({
    description: 'Use this collector (again for more) instead of the configured ones.',
    helpValue: 'NAME',
    multiple: true,
    multipleNonGreedy: true,
  }),
  phase: Flags.string({
    description:
      'Pass through this phase (again for more) instead of the configured ones. A duration like 5s..10s is drawn.',
    helpValue: 'NAME:LABEL:DURATION',
    multiple: true,
    multipleNonGreedy: true,
  }),
  ...outputFlags,
};

interface ParsedFlags {
  readonly 'target-pid'?: number | undefined;
  readonly duration?: string | undefined;
  readonly interval?: string | undefined;
  readonly collector?: string[] | undefined;
  readonly phase?: string[] | undefined;
}

/** The overrides among the parsed flags. Throws USAGE if there are two targets, or a phase in another form. */
function overridesOf(flags: ParsedFlags, command: readonly string[] | undefined): ConfigFlags {
  const { 'target-pid': targetPid, duration, interval, collector: collectors, phase: phases } = flags;
  if (targetPid !== undefined && command !== undefined) {
    throw new CisError(
      'USAGE',
      `there are two targets: --target-pid ${targetPid} and the command "${command[0]}"; give one of them`,
    );
  }
  const odd = phases?.find((phase) => phase.split(':').length < 3);
  if (odd !== undefined)
    throw new CisError('USAGE', `--phase ${JSON.stringify(odd)} is no NAME:LABEL:DURATION`, {
      hint: 'Write it like --phase calm:benign:10s; a duration like 5s..10s is drawn.',
    });
  return { targetPid, command, duration, interval, collectors, phases };
}

/** The plan that file, flags and command make, or what is wrong with it. */
export async function planOf(
  flags: ParsedFlags & OutputFlags,
  command: readonly string[] | undefined,
  schemas: SchemaRegistry,
): Promise<{ readonly loaded: LoadedConfig; readonly result: PlanResult }> {
  const cwd = process.cwd();
  const loaded = await loadConfig({ file: flags.config, cwd });
  return {
    loaded,
    result: makePlan({ loaded, flags: overridesOf(flags, command), output: flags.output, cwd, schemas }),
  };
}

/** What stands before `--`, and the command behind it. Throws USAGE if nothing follows. */
export function splitCommand(argv: readonly string[]): {
  readonly argv: string[];
  readonly command: readonly string[] | undefined;
} {
  const at = argv.indexOf('--');
  if (at < 0) return { argv: [...argv], command: undefined };
  if (at === argv.length - 1)
    throw new CisError('USAGE', 'no command follows "--"', {
      hint: 'Write: cis490 episode start [FLAGS] -- COMMAND ARG...',
    });
  return { argv: argv.slice(0, at), command: argv.slice(at + 1) };
}
