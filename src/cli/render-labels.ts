import type { RelabelledEpisode } from '../core/labels/relabel-episode.js';
import { sanitize } from './sanitize.js';

export function labelText({ path, appended }: RelabelledEpisode): string {
  const rows = appended.map(({ seq, t_mono_ns, label, revises }) => {
    const what = revises === undefined ? '' : `, in place of label ${revises}`;
    return `  label ${seq}: ${label} from ${(t_mono_ns / 1e9).toFixed(3)} s${what}\n`;
  });
  return `${path}: sealed anew\n${sanitize(rows.join(''))}`;
}

export function labelDocument({ path, id, appended }: RelabelledEpisode): object {
  return { path, id, appended };
}
