import { join } from 'node:path';
import type { EpisodeFolder } from '../episode/episode-folder.js';
import type { Meta } from '../episode/meta.js';
import { replaceFile } from '../files/replace-file.js';
import type { HashedFile } from '../files/sync-and-hash.js';
import { jsonLine } from '../json/json-line.js';
import type { Findings } from './findings.js';
import { eventTest } from './scan-events.js';
import { rowTest } from './scan-rows.js';
import { keepWholeLines } from './whole-lines.js';

/** Makes the files be what meta.json tells of them. Returns the digests of those that were not changed, or only cut. */
export function settle(folder: EpisodeFolder, found: Findings, meta: Meta): Map<string, HashedFile> {
  const { telemetry, events, eventOptions, labels, originNs, endNs } = found;
  const hashed = new Map<string, HashedFile>();
  for (const { file, scan, options } of telemetry) {
    keepWholeLines(join(folder.path, file), scan, rowTest(options));
    if (scan?.sha256) hashed.set(file, { bytes: scan.bytes, lines: scan.lines, sha256: scan.sha256 });
  }
  const at = BigInt(Math.max(endNs, events?.lastNs ?? 0));
  const end = jsonLine({
    t_mono_ns: at,
    t_wall_ns: originNs + at,
    event: 'episode_ended',
    source: 'recorder',
    reason: meta.end_reason,
    status: 'failed',
    end_ns: endNs,
    planned_ns: meta.duration_ns,
    recovered: true,
  });
  keepWholeLines(folder.events, events, eventTest(eventOptions), events?.ended ? '' : end);
  replaceFile(folder.labels, labels.text);
  return hashed;
}
