import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields } from '../../../src/core/contract/fields.js';
import { EpisodeFolder } from '../../../src/core/episode/episode-folder.js';
import { writeMarker } from '../../../src/core/episode/marker.js';
import type { Meta } from '../../../src/core/episode/meta.js';
import { printJson } from '../../../src/core/json/exact-json.js';
import { jsonLine } from '../../../src/core/json/json-line.js';
import { rowSchema } from '../../../src/core/rows/row-schema.js';
import { figures, STREAM } from './figures.js';
import { gradedMeta } from './graded.js';

export const ORIGIN_NS = 1_795_458_771_100_250_017n;
const ID = '01M84YEYJ6QCV1KPCT66AXGR38';
const MANY_LINES = 1_000;

const LOCAL = {
  ...{ hostname: 'host', kernel: '6.1.0', architecture: 'x64', cpus: 2, memory_bytes: 4e9 },
  ...{ page_size_bytes: 4096, clock_ticks_per_second: 100, boot_id: null },
};

type Values = Readonly<Record<string, unknown>>;

/** A row without what follows from its source: `tick` (or, of a stream, `seq`) is its place, unless given. */
export interface MadeRow {
  /** Milliseconds since the origin. */
  readonly atMs: number;
  readonly values: Values;
}

interface MadeSource {
  readonly name: string;
  readonly fields: Fields;
  readonly isDeployable?: boolean;
  readonly isStream?: boolean;
  readonly intervalMs?: number;
  readonly rows: Iterable<MadeRow>;
  readonly change?: Parameters<typeof figures>[0];
}

interface MadePhase {
  readonly name: string;
  readonly label: string;
  readonly fromMs: number;
  readonly technique?: string;
}

export interface MadeEpisodeOptions {
  /** Where its folder is made. */
  readonly folder: string;
  readonly endMs?: number;
  readonly sources?: readonly MadeSource[];
  readonly phases?: readonly MadePhase[];
  readonly events?: readonly { readonly atMs: number; readonly event: string; readonly [field: string]: unknown }[];
  readonly change?: Partial<Meta>;
  readonly reasons?: readonly string[];
  readonly grade?: 'ok' | 'degraded' | 'invalid';
  readonly isFinished?: boolean;
}

/** Writes an episode's folder as a recorder leaves it, of these rows. Returns its path. */
export function makeEpisode({
  folder,
  endMs = 1_000,
  sources = [],
  phases = [{ name: 'only', label: 'benign', fromMs: 0 }],
  events = [],
  change = {},
  reasons = [],
  grade = 'ok',
  isFinished = true,
}: MadeEpisodeOptions): string {
  const path = join(folder, ID);
  for (const name of ['telemetry', 'artifacts']) mkdirSync(join(path, name), { recursive: true });
  const collectors = sources.map((source) => writeSource(path, source));
  const rows = phases.map(({ name, label, fromMs, technique }, seq) => ({
    ...{
      seq,
      ...timesAt(fromMs),
      phase: name,
      label,
      source: 'schedule',
      uncertainty_ns: 1000,
      technique,
      confirmed: null,
    },
  }));
  writeFileSync(join(path, 'labels.jsonl'), rows.map(jsonLine).join(''));
  const ended = { event: 'episode_ended', reason: 'duration_over', status: 'complete', end_ns: endMs * 1e6 };
  const told = [...events, { atMs: endMs, ...ended, planned_ns: endMs * 1e6 }];
  const lines = told.map(({ atMs, event, ...fields }) =>
    jsonLine({ ...timesAt(atMs), event, source: 'recorder', ...fields }),
  );
  writeFileSync(join(path, 'events.jsonl'), lines.join(''));
  const meta = madeMeta(endMs, phases);
  writeFileSync(join(path, 'meta.json'), printJson({ ...meta, grade, grade_reasons: reasons, collectors, ...change }));
  if (isFinished)
    writeMarker(new EpisodeFolder(path), {
      ...{ id: ID, status: 'complete', endReason: 'duration_over', verdict: { grade, reasons } },
    });
  return path;
}

const timesAt = (ms: number) => {
  const mono = Math.round(ms * 1e6);
  return { t_mono_ns: mono, t_wall_ns: ORIGIN_NS + BigInt(mono) };
};

function writeSource(path: string, source: MadeSource) {
  const { name, fields, isDeployable = false, isStream = false, intervalMs = 100, change = {} } = source;
  const file = join(path, 'telemetry', `${name}.jsonl`);
  writeFileSync(file, '');
  let [rows, bytes, pending] = [0, 0, ''];
  const flush = () => {
    appendFileSync(file, pending);
    bytes += pending.length;
    pending = '';
  };
  for (const { atMs, values } of source.rows) {
    const place = isStream ? { seq: rows } : { tick: Math.floor(atMs / intervalMs), epoch: 0 };
    pending += jsonLine({ ...timesAt(atMs), source: name, available_in_deployment: isDeployable, ...place, ...values });
    rows++;
    if (rows % MANY_LINES === 0) flush();
  }
  flush();
  const schema = rowSchema({ name, rowVersion: 1, summary: 'A test.', fields }, isStream ? 'seq' : 'tick');
  const own = { source: name, row_schema: schema, available_in_deployment: isDeployable, rows, bytes };
  return figures({ ...own, interval_ns: intervalMs * 1e6, ...(isStream && STREAM), ...change });
}

function madeMeta(endMs: number, phases: readonly MadePhase[]): Values {
  const graded = gradedMeta();
  const ends = [...phases.slice(1).map(({ fromMs }) => fromMs), endMs];
  const planned = phases.map(({ name, label, fromMs }, i) => ({
    ...{ name, label, planned_start_ns: fromMs * 1e6, planned_end_ns: ends[i]! * 1e6 },
    ...{ start_ns: fromMs * 1e6, end_ns: ends[i]! * 1e6 },
  }));
  return {
    schema_version: 1,
    id: ID,
    ...graded,
    end_reason: 'duration_over',
    recovered: false,
    recovery: null,
    profile: 'lab',
    config_sha256: '0'.repeat(64),
    duration_ns: endMs * 1e6,
    end_ns: endMs * 1e6,
    vantages: { local: LOCAL },
    target: { type: 'pid', pid: 4711, start_time_ticks: 17, comm: 'server', exe: null, argv: null, is_vm: false },
    target_exit: null,
    planned_phases: planned.map(({ name, label, planned_start_ns: start_ns, planned_end_ns: end_ns }) => ({
      ...{ name, label, start_ns, end_ns, run: null, oneshot: false, technique: null },
    })),
    phases: planned,
    labels: { coverage: 1, max_uncertainty_ns: 1000 },
  };
}
