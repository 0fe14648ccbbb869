import type { Config, PhaseConfig } from './config.js';

export interface SoundPart {
  readonly sound: Config;
  /** The keys of which something was left out; `target/<key>` for a key of a `qemu` target. */
  readonly dropped: ReadonlySet<string>;
}

/**
 * The part of a configuration in which no violation was found, given their JSON pointers: keys of phases, keys of a `qemu`
 * target (each has a default), whole collectors and other keys are left out.
 */
export function withoutBroken(config: Config, paths: readonly string[]): SoundPart {
  const sound: Config = structuredClone(config);
  const dropped = new Set<string>();
  for (const path of paths) {
    const [, key = '', entry, property] = path.split('/');
    const isOfVm = key === 'target' && config.target?.type === 'qemu';
    dropped.add(isOfVm ? `target/${entry}` : key);
    if (isOfVm) delete (sound.target as unknown as Record<string, unknown>)[entry ?? ''];
    else dropPart(sound, key, entry, property);
  }
  return { sound, dropped };
}

function dropPart(sound: Config, key: string, entry: string | undefined, property: string | undefined): void {
  const phase = key === 'phases' && entry !== undefined ? sound.phases?.[Number(entry)] : undefined;
  if (typeof phase === 'object' && phase !== null) delete phase[property as keyof PhaseConfig];
  else if (key === 'collectors' && entry !== undefined) delete sound.collectors?.[entry];
  else delete sound[key as keyof Config];
}
