import type { CollectorConfig, Config, PhaseConfig } from './config.js';

/** What the command line says over the file. */
export interface ConfigFlags {
  readonly targetPid?: number | undefined;
  readonly command?: readonly string[] | undefined;
  readonly duration?: string | undefined;
  readonly interval?: string | undefined;
  readonly collectors?: readonly string[] | undefined;
  readonly phases?: readonly string[] | undefined;
}

/**
 * The configuration with the flags applied: `--collector` and `--phase` replace the file's, `--interval` sets every
 * collector's. A collector named by a flag keeps the settings that the file has for it.
 */
export function applyFlags(config: Config, flags: ConfigFlags): Config {
  const merged: Config = { ...config };
  if (flags.targetPid !== undefined) merged.target = { type: 'pid', pid: flags.targetPid };
  if (flags.command !== undefined) merged.target = { type: 'command', argv: [...flags.command] };
  if (flags.phases !== undefined) {
    merged.phases = flags.phases.map(parsePhase);
    delete merged.duration; // the file's duration was that of the file's phases
  }
  if (flags.duration !== undefined) merged.duration = flags.duration;
  if (config.collectors !== undefined && !isMapping(config.collectors)) return merged; // the schema tells
  const names = flags.collectors ?? Object.keys(config.collectors ?? defaultCollectors(merged));
  if (flags.collectors !== undefined || flags.interval !== undefined || config.collectors === undefined) {
    const settings = names.map((name): [string, CollectorConfig] => [
      name,
      withInterval(config.collectors, name, flags.interval),
    ]);
    merged.collectors = Object.fromEntries(settings);
  }
  return merged;
}

const isMapping = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is no mapping stays as it is, for the schema to tell. */
function withInterval(collectors: Config['collectors'], name: string, interval: string | undefined): CollectorConfig {
  const settings = collectors !== undefined && Object.hasOwn(collectors, name) ? (collectors[name] ?? {}) : {};
  return isMapping(settings) ? { ...settings, ...(interval !== undefined && { interval }) } : settings;
}

/** The host's view and the machine's own; a machine target has no host's view. */
function defaultCollectors({ target, profile }: Config): Record<string, CollectorConfig> {
  return target?.type === 'machine' || profile === 'deployment' ? { system: {} } : { host_proc: {}, system: {} };
}

/** NAME:LABEL:DURATION, or MIN..MAX for a duration that is drawn; what is missing is left to the schema to report. */
function parsePhase(text: string): PhaseConfig {
  const [name = '', label = '', ...rest] = text.split(':');
  const duration = rest.join(':');
  const [, min, max] = /^(.+?)\.\.(.+)$/.exec(duration) ?? [];
  return { name, label, duration: min !== undefined && max !== undefined ? { min, max } : duration };
}
