import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configDigest } from '../../src/core/config/config-digest.js';
import type { Fields } from '../../src/core/contract/fields.js';
import { EpisodeFolder } from '../../src/core/episode/episode-folder.js';
import { newEpisodeId } from '../../src/core/episode/episode-id.js';
import { writeMarker } from '../../src/core/episode/marker.js';
import { printJson } from '../../src/core/json/exact-json.js';
import { jsonLine } from '../../src/core/json/json-line.js';
import { rowSchema } from '../../src/core/rows/row-schema.js';

type Row = Readonly<Record<string, unknown>>;

export interface MadeSource {
  readonly fields: Fields;
  /** Their own columns; `t` is the time since the origin in milliseconds, else tick k stands at k intervals. */
  readonly rows: readonly Row[];
  readonly kind?: 'files' | 'stream';
  readonly isDeployable?: boolean;
  readonly intervalMs?: number;
  readonly rowVersion?: number;
  readonly plugin?: string;
  readonly vantage?: 'local' | 'guest';
}

interface MadeLabel {
  readonly atMs: number;
  readonly label: string;
  readonly phase?: string;
  readonly uncertaintyMs?: number;
  readonly revises?: number;
}

export interface MadeEpisode {
  readonly output: string;
  readonly id?: string;
  readonly sources: Readonly<Record<string, MadeSource>>;
  readonly labels: readonly MadeLabel[];
  readonly durationMs: number;
  readonly grade?: 'ok' | 'degraded' | 'invalid';
  readonly scenario?: Readonly<Record<string, string | number>>;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly originNs?: bigint;
  readonly cpus?: number;
}

const ORIGIN_NS = 1_795_864_174_392_237_840n;
const MS = 1_000_000n;

/** Writes a finished episode that `validate` accepts in all that a data set looks at. Returns its folder. */
export function makeEpisode(made: MadeEpisode): string {
  const { output, id = newEpisodeId(), sources, labels, grade = 'ok', originNs = ORIGIN_NS } = made;
  const path = join(output, id);
  for (const folder of ['telemetry', 'artifacts']) mkdirSync(join(path, folder), { recursive: true });
  const line = (mono: bigint, rest: Row) => jsonLine({ t_mono_ns: mono, t_wall_ns: originNs + mono, ...rest });
  for (const [source, each] of Object.entries(sources))
    writeFileSync(
      join(path, 'telemetry', `${source}.jsonl`),
      each.rows.map((row, k) => rowLine(source, each, row, k, line)).join(''),
    );
  const labelLines = labels.map(({ atMs, label, phase = label, uncertaintyMs = 0, revises }, seq) =>
    jsonLine({
      seq,
      t_mono_ns: BigInt(atMs) * MS,
      t_wall_ns: originNs + BigInt(atMs) * MS,
      phase,
      label,
      source: revises === undefined ? 'schedule' : 'manual',
      uncertainty_ns: uncertaintyMs * 1e6,
      confirmed: null,
      ...(revises !== undefined && { revises, by: 'somebody', why: 'it was wrong' }),
    }),
  );
  writeFileSync(join(path, 'labels.jsonl'), labelLines.join(''));
  writeFileSync(join(path, 'events.jsonl'), line(0n, { event: 'target_started', source: 'target', pid: 1 }));
  writeFileSync(join(path, 'meta.json'), printJson(metaOf(made, id, originNs)));
  writeMarker(new EpisodeFolder(path), {
    id,
    status: 'complete',
    endReason: 'duration_over',
    verdict: { grade, reasons: grade === 'ok' ? [] : ['it was made so'] },
  });
  return path;
}

function rowLine(
  source: string,
  { kind = 'files', isDeployable = true, intervalMs = 100 }: MadeSource,
  { t, tick, epoch, ...own }: Row,
  k: number,
  line: (mono: bigint, rest: Row) => string,
): string {
  const index = (tick as number | undefined) ?? k;
  const mono = BigInt((t as number | undefined) ?? index * intervalMs) * MS;
  const place = kind === 'stream' ? { seq: k } : { tick: index, epoch: epoch ?? 0 };
  return line(mono, { source, available_in_deployment: isDeployable, ...place, ...own });
}

function metaOf(
  { sources, durationMs, grade = 'ok', scenario, meta, cpus = 2 }: MadeEpisode,
  id: string,
  originNs: bigint,
) {
  const config = { duration_ns: durationMs * 1e6 };
  const reading = {
    monotonic_ns: 1,
    realtime_ns: originNs,
    realtime_error_ns: 100,
    boottime_ns: 1,
    boottime_error_ns: 100,
  };
  return {
    schema_version: 1,
    id,
    status: 'complete',
    end_reason: 'duration_over',
    grade,
    grade_reasons: [],
    ...(scenario !== undefined && { scenario }),
    recovered: false,
    recovery: null,
    recorder: RECORDER,
    profile: 'lab',
    config,
    config_sha256: configDigest(config),
    clocks: { start: reading, origin_monotonic_ns: 1, origin_realtime_ns: originNs, end: reading, drift_ns: 0 },
    duration_ns: durationMs * 1e6,
    end_ns: durationMs * 1e6,
    vantages: { local: { ...MACHINE, cpus } },
    target: { type: 'machine', pid: null, start_time_ticks: null, comm: null, exe: null, argv: null, is_vm: false },
    target_exit: null,
    planned_phases: [],
    phases: [],
    labels: { coverage: 1, max_uncertainty_ns: 0 },
    collectors: Object.entries(sources).map(([source, each]) => figuresOf(source, each)),
    ...meta,
  };
}

const RECORDER = {
  name: 'cis490',
  version: '0.1.0',
  node: '20.20.2',
  pid: 1,
  start_time_ticks: 1,
  boot_id: null,
  pid_namespace: '1',
  cpu_user_us: 1,
  cpu_system_us: 1,
  max_rss_bytes: 1,
  cpu_share: 0.01,
};

const MACHINE = {
  hostname: 'made',
  kernel: '6.1',
  architecture: 'x64',
  memory_bytes: 1,
  page_size_bytes: 4096,
  clock_ticks_per_second: 100,
  boot_id: null,
};

function figuresOf(source: string, each: MadeSource) {
  const {
    fields,
    rows,
    kind = 'files',
    isDeployable = true,
    intervalMs = 100,
    rowVersion = 1,
    vantage = 'local',
  } = each;
  const envelope = kind === 'stream' ? 'seq' : 'tick';
  const plugin = { name: each.plugin ?? source, version: '1.0.0', owner: 'test', origin: 'file' };
  return {
    source,
    vantage,
    plugin,
    kind,
    row_version: rowVersion,
    row_schema: rowSchema({ name: source, rowVersion, summary: 'Made.', fields }, envelope),
    available_in_deployment: isDeployable,
    availability_rationale: 'made so',
    is_sparse: false,
    interval_ns: kind === 'stream' ? null : intervalMs * 1e6,
    options: {},
    state: 'ok',
    state_reason: null,
    ticks_scheduled: kind === 'stream' ? null : rows.length,
    ticks_run: kind === 'stream' ? null : rows.length,
    ticks_missed: kind === 'stream' ? null : 0,
    ticks_late: kind === 'stream' ? null : 0,
    rows: rows.length,
    rows_invalid: 0,
    rows_lost: 0,
    sample_errors: 0,
    errors: {},
    bytes: 1,
    longest_gap_ns: 1,
    longest_pause_ns: 1,
    longest_pause_from_ns: 0,
    lateness_ns: null,
    time_uncertainty_ns: null,
  };
}
