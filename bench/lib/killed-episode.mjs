import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from './children.mjs';
import { CLI } from './episode.mjs';

const FIRST_ROWS = 5;
const POLL_MS = 20;

/**
 * Starts a recorder and kills it when each of its collectors has written a few rows. Resolves to the folder that it
 * leaves. Rejects with its words if it ends by itself.
 */
export async function killRecorder({ folder, config }) {
  const output = mkdtempSync(join(folder, 'killed-'));
  const file = join(output, '.cis490rc');
  writeFileSync(file, JSON.stringify(config));
  const recorder = start(process.execPath, [CLI, 'episode', 'start', '--config', file, '--output', output]);
  const closed = once(recorder, 'close');
  let words = '';
  recorder.stderr.on('data', (chunk) => (words += chunk));
  while (!hasBegun(output, Object.keys(config.collectors))) {
    if (recorder.exitCode !== null) throw new Error(`the recorder ended before it was killed: ${words}`);
    await sleep(POLL_MS);
  }
  recorder.kill('SIGKILL');
  await closed;
  return episodeIn(output);
}

const episodeIn = (output) => {
  const name = readdirSync(output).find((each) => !each.startsWith('.'));
  return name === undefined ? null : join(output, name);
};

/** A recorder writes the time of the origin into meta.json a moment after it. */
function hasBegun(output, sources) {
  const path = episodeIn(output);
  if (path === null) return false;
  const { clocks } = JSON.parse(readFileSync(join(path, 'meta.json'), 'utf8'));
  const files = sources.map((source) => join(path, 'telemetry', `${source}.jsonl`));
  return clocks.origin_realtime_ns !== null && files.every((file) => existsSync(file) && linesOf(file) >= FIRST_ROWS);
}

const linesOf = (file) => readFileSync(file, 'latin1').split('\n').length - 1;
