import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordEpisode } from '../lib/episode.mjs';
import { quantile } from '../lib/statistics.mjs';
import { INTERVAL_MS } from './config.mjs';
import { Log } from './log.mjs';
import { Watch } from './watch.mjs';

/** Points enough for the verdict of a short run, and not more than one a second. */
const POINTS = 120;
const LINES = 10;
const LONGEST_LINE_S = 60;

/** Records an episode and looks at the recorder meanwhile. Resolves to the points and to what became of the episode. */
export async function recordWatched({ folder, config, durationS }) {
  const file = join(folder, 'soak.json');
  writeFileSync(file, JSON.stringify(config));
  const points = [];
  let stop = () => {};
  const onStart = (child, output) => {
    const onWords = () => {
      const name = readdirSync(output).find((each) => !each.startsWith('.'));
      if (name === undefined) return; // it is about to tell why it could not begin
      child.stderr.off('data', onWords);
      const watch = new Watch({ recorderPid: child.pid, path: join(output, name), intervalMs: INTERVAL_MS });
      stop = follow({ watch, points, durationS });
    };
    child.stderr.on('data', onWords);
  };
  try {
    return { points, ...(await recordEpisode({ folder, args: ['--config', file], onStart })) };
  } finally {
    stop();
  }
}

/** Looks until it is stopped. A look at the end, while everything is being closed, would tell of nothing but that. */
function follow({ watch, points, durationS }) {
  const log = new Log(Math.min(LONGEST_LINE_S, durationS / LINES));
  const look = () => {
    const seen = watch.look();
    if (seen === null || seen.atS > durationS) return;
    const { latenessUs, ...point } = seen;
    if (latenessUs.length > 0) point.lateP50Us = quantile(latenessUs, 0.5);
    points.push(point);
    log.add(point, latenessUs);
  };
  look();
  const timer = setInterval(look, Math.min(1_000, (durationS * 1e3) / POINTS));
  return () => {
    clearInterval(timer);
    watch.close();
    log.close();
  };
}
