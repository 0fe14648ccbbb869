import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Column, DatasetDocument, Role, Table, View } from '../../src/core/dataset/dataset-document.js';
import type { Feature, FeatureDocument } from '../../src/core/dataset/feature-document.js';

const SPLITS = ['train', 'test'];
const EPISODES = ['01KF0000000000000000000001', '01KF0000000000000000000002', '01KF0000000000000000000003'];

const column = (name: string, type: string, role: Role, more: Partial<Column> = {}): Column => ({
  name,
  type,
  role,
  unit: null,
  description: `What ${name} is.`,
  available_in_deployment: null,
  ...more,
});

const KEYS = [
  column('episode_id', 'VARCHAR', 'key'),
  column('step', 'BIGINT', 'key'),
  column('segment', 'BIGINT', 'key'),
];
const LABELS = [
  column('label', 'VARCHAR', 'label'),
  column('phase', 'VARCHAR', 'label'),
  column('pair', 'VARCHAR', 'group'),
];
const DISKS = 'STRUCT("name" VARCHAR, sectors BIGINT)[]';

type TablePart = Pick<Table, 'name' | 'kind' | 'view' | 'path' | 'columns'>;

/** A table with a file in each split. */
const table = (part: TablePart, rows = 60): Table => ({
  description: `The rows of ${part.name}.`,
  files: SPLITS.map((split, i) => ({
    path: `${part.path}/split=${split}/part-0.parquet`,
    split,
    rows: rows / (i + 1),
    bytes: 4096 + i,
    sha256: `${i}`.padStart(64, '0'),
  })),
  ...part,
});

/** A view's tables: the rows of its source, aligned and windows. */
function viewTables(view: View, source: string, feature: string): Table[] {
  const isDeployable = view === 'deployable';
  const observed = { unit: '{switch}/s', available_in_deployment: isDeployable };
  const rows = [
    column('episode_id', 'VARCHAR', 'key'),
    column('tick', 'BIGINT', 'key'),
    column('t_wall_ns', 'BIGINT', 'time', { unit: 'ns' }),
    column('disks', DISKS, 'provenance', { available_in_deployment: isDeployable }),
  ];
  const aligned = [...KEYS, ...LABELS, column(feature, 'DOUBLE', 'feature', observed)];
  const windows = [...KEYS, ...LABELS, column(`${feature}__mean`, 'DOUBLE', 'feature', observed)];
  return [
    table({ name: source, kind: 'rows', view, path: `${view}/rows/${source}`, columns: rows }, 600),
    table({ name: 'aligned', kind: 'aligned', view, path: `${view}/aligned`, columns: aligned }),
    table({ name: 'windows', kind: 'windows', view, path: `${view}/windows`, columns: windows }, 20),
  ];
}

const provenance = (name: 'episodes' | 'labels' | 'events', columns: Column[]): Table =>
  table({ name, kind: name, view: null, path: `tables/${name}`, columns }, 2);

/** A small data set with a view for deployment and one of the lab, as `dataset build` would tell it. */
export function madeDataset(changes: Partial<DatasetDocument> = {}): DatasetDocument {
  const id = column('episode_id', 'VARCHAR', 'key');
  return {
    schema_version: 1,
    name: 'miners',
    cis490_version: '0.1.0',
    duckdb_version: 'v1.5.0',
    command: ['cis490', 'dataset', 'build', 'data/episodes/*', '--out', 'miners', '--view', 'oracle'],
    options: { min_grade: 'ok', grid_ns: 500_000_000, split: [60, 40] },
    views: ['deployable', 'oracle'],
    splits: SPLITS,
    classes: ['benign', 'malicious'],
    episodes: EPISODES.map((episode, i) => ({
      id: episode,
      split: i < 2 ? 'train' : 'test',
      group: `pair=${i}`,
      grade: 'ok',
      recovered: i === 1,
      marker_sha256: 'ab'.repeat(32),
      recorder_version: '0.1.0',
      start_realtime_ns: 1_767_225_600_123_456_789n + BigInt(i) * 60_000_000_000n,
      duration_ns: 30_000_000_001,
    })),
    excluded_episodes: [{ id: '01KF0000000000000000000009', path: 'data/episodes/x', why: 'It has no marker.' }],
    excluded_rows: [{ label: 'benign', reason: 'boundary', rows: 4 }],
    aligned_rows: { train: { benign: 41, malicious: 19 }, test: { benign: 20, malicious: 10 } },
    sources: [source('system', true), source('host_proc', false)],
    tables: [
      provenance('episodes', [id, column('start_realtime_ns', 'BIGINT', 'provenance', { unit: 'ns' })]),
      provenance('labels', [id, column('position', 'BIGINT', 'key'), column('label', 'VARCHAR', 'label')]),
      provenance('events', [id, column('event', 'VARCHAR', 'provenance')]),
      ...viewTables('deployable', 'system', 'system__context_switches__rate'),
      ...viewTables('oracle', 'host_proc', 'host_proc__voluntary_ctxsw__rate'),
    ],
    warnings: ['Two episodes have no benign twin.'],
    ...changes,
  };
}

const source = (name: string, isDeployable: boolean) => ({
  source: name,
  row_version: 1,
  available_in_deployment: isDeployable,
  plugin: name,
  plugin_versions: ['1.0.0'],
  vantages: ['local'],
  interval_ns: isDeployable ? 100_000_000 : null,
});

const feature = (name: string, from: string, more: Partial<Feature> = {}): Feature => ({
  name,
  source: from,
  field: 'context_switches',
  item: null,
  aggregate: null,
  transform: 'rate',
  state: null,
  kind: 'counter',
  normalised_by: null,
  scale: 1,
  unit: '{switch}/s',
  description: 'Switches from one task to another.',
  available_in_deployment: from === 'system',
  statistics: { rows: 60, nulls: 3, mean: 812.25, std: 90.5, min: 12, max: 4021.125 },
  ...more,
});

/** What belongs to `madeDataset`. */
export function madeFeatures(): ReadonlyMap<View, FeatureDocument> {
  const document = (view: View, name: string, from: string): FeatureDocument => ({
    schema_version: 1,
    view,
    grid_ns: 500_000_000,
    guard_ns: 100_000_000,
    window: { length: 4, stride: 2 },
    window_statistics: ['mean'],
    sources: [
      {
        source: from,
        row_version: 1,
        interval_ns: 100_000_000,
        envelope: 'tick',
        max_age_ns: 500_000_000,
        available_in_deployment: view === 'deployable',
      },
    ],
    features: [feature(name, from)],
  });
  return new Map([
    ['deployable', document('deployable', 'system__context_switches__rate', 'system')],
    ['oracle', document('oracle', 'host_proc__voluntary_ctxsw__rate', 'host_proc')],
  ]);
}

/** The data set's Parquet files, without content. */
export function layOut({ tables }: DatasetDocument, folder: string): void {
  for (const { path } of tables.flatMap(({ files }) => files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '');
  }
}

/** The files in a folder that a pattern names; a "*" is anything but "/". */
export function matching(pattern: string, folder: string): string[] {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  const regex = new RegExp(`^${source}$`);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => regex.test(path));
}

/** What a name, a group or a sentence from an episode may hold at worst. */
export const HOSTILE =
  '---\n"default": true\n# `x` | <script>alert(1)</script> \'"\\ $a \u202e\u2028\u0007 \ud800 \u{1f600} ```\n![x](http://x)';
/** What of it is not to be seen, or acts on the text around it. */
export const UNSEEN = ['\u202e', '\u2028', '\u0007'];
