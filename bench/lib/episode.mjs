import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './children.mjs';
import { parseExact } from './exact-json.mjs';

/** The command as it is installed, but for the detour over `env` of its first line. */
export const CLI = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
/** Missed ticks may degrade the grade, which is for the figures to tell. */
const FINISHED = [0, 3];

/** Runs `cis490` to its end and resolves to its stdout. */
export function cis490(args, options) {
  return run(process.execPath, [CLI, ...args], options);
}

/** Records an episode below `folder`, of a process unless the configuration names a target. Resolves to its folder, its meta.json, and the CLOCK_MONOTONIC before its start. `onStart` gets the recorder and the folder in which the episode will appear. */
export async function recordEpisode({ folder, targetPid, args, onStart, env }) {
  const output = mkdtempSync(join(folder, 'episodes-'));
  const startedNs = process.hrtime.bigint();
  const target = targetPid === undefined ? [] : ['--target-pid', `${targetPid}`];
  await cis490(['episode', 'start', ...target, '--output', output, ...args], {
    accept: FINISHED,
    onStart: (child) => onStart?.(child, output),
    env,
  });
  const path = join(output, readdirSync(output)[0]);
  return { path, startedNs, meta: parseExact(readFileSync(join(path, 'meta.json'), 'utf8')) };
}

/** Ticks that no collector of the episode may have missed, and did. */
export function missedTicks({ collectors }) {
  return collectors.reduce((sum, { ticks_missed }) => sum + ticks_missed, 0);
}
