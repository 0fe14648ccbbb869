import { Flags } from '@oclif/core';
import { services } from '../composition-root.js';
import type { CollectorDescription } from '../core/collection/protocol.js';
import type { Config } from '../core/config/config.js';
import { loadConfig } from '../core/config/load-config.js';
import type { Inspection } from '../core/episode/collector-inspector.js';

/** Flags of the commands that look at collectors. */
export const inspectFlags = {
  config: Flags.string({
    description: 'Configuration file whose plugins to take; without it the nearest .cis490rc is read.',
    helpValue: 'FILE',
  }),
  'target-pid': Flags.integer({
    description: 'Probe beside this process; without it beside cis490 itself.',
    helpValue: 'PID',
    min: 1,
  }),
};

/** What the collectors are that the program and the configuration's plugins bring. */
export async function describeCollectors(flags: {
  readonly config?: string | undefined;
}): Promise<readonly CollectorDescription[]> {
  const { catalogs, inspector } = services();
  const { plugins, baseDir } = await configuredPlugins(flags.config);
  return inspector.describe(await catalogs.build(plugins, baseDir));
}

/** The collectors of that name, or all that the program and the configuration's plugins bring. */
export async function inspectCollectors(
  flags: { readonly config?: string | undefined; readonly 'target-pid'?: number | undefined },
  names: readonly string[],
): Promise<readonly Inspection[]> {
  const { catalogs, inspector } = services();
  const { plugins, collectors, baseDir } = await configuredPlugins(flags.config);
  return inspector.inspect(await catalogs.build(plugins, baseDir), names, {
    pid: flags['target-pid'] ?? process.pid,
    baseDir,
    configured: { ...collectors },
  });
}

/** Of a configuration that may have faults elsewhere. */
async function configuredPlugins(file: string | undefined) {
  const { raw, baseDir } = await loadConfig({ file, cwd: process.cwd() });
  const { plugins, collectors } = (raw ?? {}) as Config;
  const named = Array.isArray(plugins) ? plugins.filter((plugin) => typeof plugin === 'string') : [];
  return { plugins: named, collectors, baseDir };
}
