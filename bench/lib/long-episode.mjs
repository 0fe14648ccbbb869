import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseExact, printExact } from './exact-json.mjs';

const CHUNK_ROWS = 4_000;
const ROW = /^\{"t_mono_ns":(\d+),"t_wall_ns":(\d+),(.*?)"tick":(\d+),(.*)\}$/;

/**
 * Continues the one collector of a recorded episode to `rows` rows, its last row repeated a tick later each time, and
 * makes every other file agree: as if the recording had lasted that long.
 */
export function extendEpisode(path, rows) {
  const at = (name) => join(path, name);
  const meta = parseExact(readFileSync(at('meta.json'), 'utf8'));
  const [collector] = meta.collectors;
  const telemetry = `telemetry/${collector.source}.jsonl`;
  const addedNs = BigInt(rows - collector.ticks_scheduled) * BigInt(collector.interval_ns);
  const written = extendRows(at(telemetry), rows, BigInt(collector.interval_ns));
  extendMeta(meta, addedNs);
  extendCollector(collector, rows, written.bytes);
  writeFileSync(at('meta.json'), printExact(meta));
  writeFileSync(at('events.jsonl'), extendEvents(readFileSync(at('events.jsonl'), 'utf8'), addedNs));
  refreshMarker(at('done.marker'), (file) =>
    file.path === telemetry ? { ...written, rows } : describe(at(file.path), file),
  );
}

function extendRows(path, rows, intervalNs) {
  const recorded = readFileSync(path, 'latin1');
  const lines = recorded.trimEnd().split('\n');
  const [, mono, wall, middle, tick, rest] = ROW.exec(lines.at(-1));
  const line = (i) =>
    `{"t_mono_ns":${BigInt(mono) + i * intervalNs},"t_wall_ns":${BigInt(wall) + i * intervalNs},${middle}"tick":${BigInt(tick) + i},${rest}}\n`;
  const hash = createHash('sha256').update(recorded);
  let bytes = recorded.length;
  const fd = openSync(path, 'a');
  for (let i = 1, left = rows - lines.length; left > 0; ) {
    let chunk = '';
    for (const end = i + Math.min(CHUNK_ROWS, left); i < end; i++, left--) chunk += line(BigInt(i));
    bytes += writeSync(fd, chunk, null, 'latin1');
    hash.update(chunk);
  }
  closeSync(fd);
  return { bytes, sha256: hash.digest('hex') };
}

/** A later end: of the duration, of the phase, of the clocks, in the plan and in what became of it. */
function extendMeta(meta, addedNs) {
  const { config, clocks, planned_phases, phases } = meta;
  const later = (ns) => exact(BigInt(ns) + addedNs);
  for (const holder of [meta, config, config.phases.at(-1)]) holder.duration_ns = later(holder.duration_ns);
  meta.end_ns = later(meta.end_ns);
  planned_phases.at(-1).end_ns = later(planned_phases.at(-1).end_ns);
  for (const key of ['planned_end_ns', 'end_ns']) phases.at(-1)[key] = later(phases.at(-1)[key]);
  for (const key of ['monotonic_ns', 'realtime_ns', 'boottime_ns'])
    if (clocks.end[key] !== null) clocks.end[key] = later(clocks.end[key]);
  meta.config_sha256 = createHash('sha256').update(JSON.stringify(config)).digest('hex');
}

function extendCollector(collector, rows, bytes) {
  const { longest_gap_ns, interval_ns } = collector;
  const ticks = { ticks_scheduled: rows, ticks_run: rows, rows };
  Object.assign(collector, ticks, { bytes, longest_gap_ns: Math.max(longest_gap_ns, interval_ns) });
}

/** The end of the episode, with all its times. */
function extendEvents(text, addedNs) {
  const lines = text.trimEnd().split('\n');
  const last = lines
    .pop()
    .replace(/"(t_mono_ns|t_wall_ns|end_ns|planned_ns)":(\d+)/g, (_, key, ns) => `"${key}":${BigInt(ns) + addedNs}`);
  return `${[...lines, last].join('\n')}\n`;
}

function refreshMarker(path, describeFile) {
  const marker = parseExact(readFileSync(path, 'utf8'));
  marker.files = marker.files.map((file) => ({ ...file, ...describeFile(file) }));
  writeFileSync(path, printExact(marker));
}

function describe(path, { rows }) {
  const content = readFileSync(path);
  return { rows, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

/** A number where that is exact, as in the original. */
const exact = (value) => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value);
