import type { EpisodeEvent } from '../core/episode/event-log.js';
import { oneLine } from './sanitize.js';

/** One line per event, for logs: `+0.123s phase_started phase=baseline label=benign`. */
export function eventLine({ t_mono_ns, t_wall_ns: _, event, source, ...fields }: EpisodeEvent): string {
  const seconds = (Number(t_mono_ns) / 1e9).toFixed(3);
  const rest = Object.entries(fields).filter(
    ([key, value]) => value !== null && value !== undefined && key !== 'at_mono_ns',
  );
  const words = rest.map(([key, value]) => `${key}=${printed(value)}`);
  return oneLine([`${t_mono_ns < 0n ? '' : '+'}${seconds}s`, event, source, ...words].join(' '));
}

function printed(value: unknown): string {
  const text = String(value);
  return /[\s"]/.test(text) ? JSON.stringify(text) : text;
}
