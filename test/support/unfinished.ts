import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseJson, printJson } from '../../src/core/json/exact-json.js';
import { temporaryFolder } from './cli.js';

// biome-ignore lint/suspicious/noExplicitAny: a document of any shape, its integers exact
type Document = any;

/** A copy of an episode's folder, with its name. */
export function copyOf(original: string): string {
  const folder = join(temporaryFolder(), basename(original));
  cpSync(original, folder, { recursive: true });
  return folder;
}

/** Edits a JSON document; integers beyond a double stay what they are. */
export function editJson(path: string, change: (document: Document) => void): void {
  const document = parseJson(readFileSync(path, 'utf8')) as Document;
  change(document);
  writeFileSync(path, printJson(document));
}

export function editText(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

/** Makes a finished episode what a recorder that was killed in mid-episode leaves: no marker, no end, no figures. */
export function unfinish(folder: string): void {
  rmSync(join(folder, 'done.marker'));
  editText(join(folder, 'events.jsonl'), (text) => text.replace(/^.*"episode_ended".*\n/m, ''));
  editJson(join(folder, 'meta.json'), (meta) => {
    meta.status = 'running';
    for (const key of ['end_reason', 'grade', 'end_ns', 'target_exit']) meta[key] = null;
    meta.grade_reasons = [];
    meta.phases = [];
    meta.clocks.end = null;
    meta.clocks.drift_ns = null;
    meta.recorder.start_time_ticks = 1; // of a process that is no longer there
    for (const key of ['cpu_user_us', 'cpu_system_us', 'max_rss_bytes']) meta.recorder[key] = null;
    for (const collector of meta.collectors) {
      Object.assign(collector, { rows: 0, bytes: 0, longest_gap_ns: 0, lateness_ns: null });
      if (collector.ticks_scheduled !== null)
        Object.assign(collector, { ticks_scheduled: 0, ticks_run: 0, ticks_missed: 0 });
    }
  });
}

/** A copy of an episode as its recorder would have left it, had it been killed. */
export function killedCopyOf(original: string): string {
  const folder = copyOf(original);
  unfinish(folder);
  return folder;
}
