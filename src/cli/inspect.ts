import { Flags } from '@oclif/core';
import { services } from '../composition-root.js';
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

/** The collectors of that name, or all that the program and the configuration's plugins bring. */
export async function inspectCollectors(
  flags: { readonly config?: string | undefined; readonly 'target-pid'?: number | undefined },
  names: readonly string[],
): Promise<readonly Inspection[]> {
  const { catalogs, inspector } = services();
  const { raw, baseDir } = await loadConfig({ file: flags.config, cwd: process.cwd() });
  const { plugins, collectors } = (raw ?? {}) as Config;
  const named = Array.isArray(plugins) ? plugins.filter((plugin) => typeof plugin === 'string') : [];
  return inspector.inspect(await catalogs.build(named, baseDir), names, {
    pid: flags['target-pid'] ?? process.pid,
    baseDir,
    configured: { ...collectors },
  });
}
