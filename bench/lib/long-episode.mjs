import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { killRecorder } from './killed-episode.mjs';

const INTERVAL_MS = 100;
const INTERVAL_NS = BigInt(INTERVAL_MS) * 1_000_000n;
/** The plan is for more, so that the recorder is killed before its end. */
const LEAST_PLANNED_TICKS = 600;
const CHUNK_ROWS = 2_000;
/** What a recovery replaces. */
const SMALL = ['meta.json', 'events.jsonl', 'labels.jsonl'];
const ROW = /^\{"t_mono_ns":(\d+),"t_wall_ns":(\d+),(.*?)"(tick|seq)":(\d+)(.*)\}$/;

/**
 * What a recorder leaves that is killed after `ticks` ticks of these collectors (as in a configuration, without their
 * intervals): a real one is killed after a few, and the last row of each file repeated, a tick later each time. Resolves
 * to its folder, its rows, and `reset`, which makes it again what it was. `vary` makes of a row's own columns, as text, those
 * of the row that many ticks later.
 */
export async function leaveLongEpisode({ folder, targetPid, collectors, ticks, vary = (columns) => columns }) {
  const every = { interval: `${INTERVAL_MS}ms` };
  const config = {
    target: { type: 'pid', pid: targetPid },
    duration: `${Math.max(ticks + 1, LEAST_PLANNED_TICKS) * INTERVAL_MS}ms`,
    collectors: Object.fromEntries(
      Object.entries(collectors).map(([source, entry]) => [source, { ...entry, ...every }]),
    ),
  };
  const path = await killRecorder({ folder, config });
  const files = Object.keys(collectors).map((source) => join(path, 'telemetry', `${source}.jsonl`));
  const rows = files.reduce((sum, file) => sum + extendRows(file, ticks, vary), 0);
  const small = mkdtempSync(join(folder, 'small-'));
  for (const name of SMALL) cpSync(join(path, name), join(small, name));
  return { path, rows, reset: () => reset(path, small) };
}

function reset(path, small) {
  rmSync(join(path, 'done.marker'), { force: true });
  for (const name of SMALL) cpSync(join(small, name), join(path, name));
}

/** Returns how many rows it has then: ticks that the recorder had missed stay missed. */
function extendRows(file, ticks, vary) {
  const whole = /^.*\n/s.exec(readFileSync(file, 'latin1'))[0]; // killed, it may have left a torn line
  truncateSync(file, whole.length);
  const lines = whole.trimEnd().split('\n');
  const [, mono, wall, middle, position, last, rest] = ROW.exec(lines.at(-1));
  const later = (i) => BigInt(i) * INTERVAL_NS;
  const line = (i) =>
    `{"t_mono_ns":${BigInt(mono) + later(i)},"t_wall_ns":${BigInt(wall) + later(i)},${middle}"${position}":${Number(last) + i}${vary(rest, i)}}\n`;
  const added = Math.max(0, ticks - 1 - Number(last)); // on a busy machine it lived longer
  const fd = openSync(file, 'a');
  for (let i = 1; i <= added; ) {
    let chunk = '';
    for (const end = Math.min(added + 1, i + CHUNK_ROWS); i < end; i++) chunk += line(i);
    writeSync(fd, chunk, null, 'latin1');
  }
  closeSync(fd);
  return lines.length + added;
}
