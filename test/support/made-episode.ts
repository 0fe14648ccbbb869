import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configDigest } from '../../src/core/config/config-digest.js';
import type { Fields } from '../../src/core/contract/fields.js';
import type { CollectorFigures } from '../../src/core/episode/collector-figures.js';
import { EpisodeFolder } from '../../src/core/episode/episode-folder.js';
import { newEpisodeId } from '../../src/core/episode/episode-id.js';
import { writeMarker } from '../../src/core/episode/marker.js';
import { printJson } from '../../src/core/json/exact-json.js';
import { jsonLine } from '../../src/core/json/json-line.js';
import { rowSchema } from '../../src/core/rows/row-schema.js';
import { figures, STREAM } from '../unit/support/figures.js';
import { DEFAULTS, gradedMeta } from '../unit/support/graded.js';

/** A source's own columns; `tick` is its place, unless given, and `t` its time since the origin in milliseconds, unless its tick tells. */
export type MadeRow = Readonly<Record<string, unknown>>;

export interface MadeSource {
  readonly fields: Fields;
  readonly rows: Iterable<MadeRow>;
  readonly isDeployable?: boolean;
  readonly isStream?: boolean;
  readonly intervalMs?: number;
  readonly rowVersion?: number;
  /** What else meta.json says of it. */
  readonly change?: Partial<CollectorFigures>;
}

/** The label of a phase, or of a correction, from then on. */
interface MadeLabel {
  readonly atMs: number;
  readonly label: string;
  readonly phase?: string;
  readonly technique?: string;
  readonly uncertaintyMs?: number;
  readonly revises?: number;
}

interface MadeEvent {
  readonly atMs: number;
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface MadeEpisode {
  readonly output: string;
  readonly id?: string;
  readonly sources: Readonly<Record<string, MadeSource>>;
  readonly labels?: readonly MadeLabel[];
  readonly events?: readonly MadeEvent[];
  readonly durationMs?: number;
  readonly grade?: 'ok' | 'degraded' | 'invalid';
  readonly reasons?: readonly string[];
  readonly scenario?: Readonly<Record<string, string | number>>;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly cpus?: number;
  readonly isFinished?: boolean;
}

export const ORIGIN_NS = 1_795_864_174_392_237_840n;
const MANY_LINES = 1_000;
const ONE_LABEL: readonly MadeLabel[] = [{ atMs: 0, label: 'benign', phase: 'only' }];

/** Writes an episode's folder as a recorder leaves it: `validate` accepts it in all that readers look at. Returns its path. */
export function makeEpisode(made: MadeEpisode): string {
  const { output, id = newEpisodeId(), sources, labels = ONE_LABEL, events = [], durationMs = 1_000 } = made;
  const { grade = 'ok', reasons = grade === 'ok' ? [] : ['it was made so'], isFinished = true } = made;
  const path = join(output, id);
  for (const folder of ['telemetry', 'artifacts']) mkdirSync(join(path, folder), { recursive: true });
  const collectors = Object.entries(sources).map(([name, source]) => writeSource(path, name, source));
  writeFileSync(join(path, 'labels.jsonl'), labels.map(labelLine).join(''));
  const ended = { event: 'episode_ended', reason: 'duration_over', status: 'complete', end_ns: durationMs * 1e6 };
  const lines = [...events, { atMs: durationMs, ...ended, planned_ns: durationMs * 1e6 }].map(
    ({ atMs, event, ...fields }) => jsonLine({ ...timesAt(atMs), event, source: 'recorder', ...fields }),
  );
  writeFileSync(join(path, 'events.jsonl'), lines.join(''));
  const meta = metaOf(made, labels, durationMs);
  writeFileSync(
    join(path, 'meta.json'),
    printJson({ ...meta, id, grade, grade_reasons: reasons, collectors, ...made.meta }),
  );
  if (isFinished)
    writeMarker(new EpisodeFolder(path), {
      ...{ id, status: 'complete', endReason: 'duration_over', verdict: { grade, reasons } },
    });
  return path;
}

const timesAt = (ms: number) => {
  const mono = Math.round(ms * 1e6);
  return { t_mono_ns: mono, t_wall_ns: ORIGIN_NS + BigInt(mono) };
};

/** Writes its log. Returns what meta.json says of it. */
function writeSource(path: string, name: string, source: MadeSource): CollectorFigures {
  const { fields, isDeployable = true, isStream = false, intervalMs = 100, rowVersion = 1, change = {} } = source;
  const file = join(path, 'telemetry', `${name}.jsonl`);
  writeFileSync(file, '');
  let [rows, bytes, pending] = [0, 0, ''];
  const flush = () => {
    appendFileSync(file, pending);
    bytes += Buffer.byteLength(pending);
    pending = '';
  };
  for (const { t, tick = rows, epoch = 0, ...own } of source.rows) {
    const place = isStream ? { seq: rows } : { tick, epoch };
    const times = timesAt((t as number | undefined) ?? (tick as number) * intervalMs);
    pending += jsonLine({ ...times, source: name, available_in_deployment: isDeployable, ...place, ...own });
    rows++;
    if (rows % MANY_LINES === 0) flush();
  }
  flush();
  const ticks = { interval_ns: intervalMs * 1e6, ticks_scheduled: rows, ticks_run: rows };
  return figures({
    source: name,
    plugin: { name, version: '1.0.0', owner: 'test', origin: 'file' },
    row_version: rowVersion,
    row_schema: rowSchema({ name, rowVersion, summary: 'Made.', fields }, isStream ? 'seq' : 'tick'),
    available_in_deployment: isDeployable,
    ...{ rows, bytes },
    ...(isStream ? STREAM : ticks),
    ...change,
  });
}

function labelLine({ atMs, label, phase = label, technique, uncertaintyMs = 0, revises }: MadeLabel, seq: number) {
  return jsonLine({
    ...{ seq, ...timesAt(atMs), phase, label, technique },
    source: revises === undefined ? 'schedule' : 'manual',
    uncertainty_ns: uncertaintyMs * 1e6,
    confirmed: null,
    ...(revises !== undefined && { revises, by: 'somebody', why: 'it was wrong' }),
  });
}

function metaOf({ scenario, cpus = 2 }: MadeEpisode, labels: readonly MadeLabel[], durationMs: number): MadeRow {
  const graded = gradedMeta();
  const durationNs = durationMs * 1e6;
  const config = { duration_ns: durationNs, grade: DEFAULTS };
  const planned = labels.filter(({ revises }) => revises === undefined);
  const ends = [...planned.slice(1).map(({ atMs }) => atMs), durationMs];
  const phases = planned.map(({ atMs, label, phase = label }, i) => ({
    ...{ name: phase, label, planned_start_ns: atMs * 1e6, planned_end_ns: ends[i]! * 1e6 },
    ...{ start_ns: atMs * 1e6, end_ns: ends[i]! * 1e6 },
  }));
  return {
    schema_version: 1,
    ...graded,
    ...{ end_reason: 'duration_over', recovered: false, recovery: null, profile: 'lab' },
    ...{ config, config_sha256: configDigest(config), duration_ns: durationNs, end_ns: durationNs },
    ...(scenario !== undefined && { scenario }),
    clocks: { ...graded.clocks, origin_realtime_ns: ORIGIN_NS },
    vantages: { local: { ...MACHINE, cpus } },
    target: { type: 'pid', pid: 4711, start_time_ticks: 17, comm: 'server', exe: null, argv: null, is_vm: false },
    target_exit: null,
    planned_phases: phases.map(({ name, label, planned_start_ns: start_ns, planned_end_ns: end_ns }) => ({
      ...{ name, label, start_ns, end_ns, run: null, oneshot: false, technique: null },
    })),
    phases,
  };
}

const MACHINE = {
  ...{ hostname: 'made', kernel: '6.1.0', architecture: 'x64', memory_bytes: 4e9 },
  ...{ page_size_bytes: 4096, clock_ticks_per_second: 100, boot_id: null },
};
