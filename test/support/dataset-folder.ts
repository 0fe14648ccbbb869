import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Column, DatasetDocument, ExcludedRows, Role, Table } from '../../src/core/dataset/dataset-document.js';
import { type Database, openDatabase } from '../../src/core/dataset/duckdb/database.js';
import { quoteName, quoteText } from '../../src/core/dataset/duckdb/sql.js';
import type { GroupKey } from '../../src/core/dataset/split/group-keys.js';
import { printJson } from '../../src/core/json/exact-json.js';

const SECOND_NS = 1_000_000_000;
const HOUR_NS = 3600n * 1_000_000_000n;
const START_NS = 1_764_000_000_000_000_000n;
const SPLITS = ['train', 'validation', 'test'];
/** A share of CPU time, two numbers without meaning, and one that is null now and then. */
const FEATURES = ['system__busy__rate', 'system__faults__rate', 'system__free__level', 'system__pressure__level'];

interface TestPhase {
  readonly label: string;
  readonly seconds: number;
}

export interface TestEpisode {
  readonly id: string;
  readonly split: string;
  readonly phases: readonly TestPhase[];
  /** Columns of tables/episodes that are not as usual. */
  readonly columns?: Readonly<Record<string, unknown>>;
  /** The features of the row of a second, in their order; without it noise. */
  readonly features?: (label: string, step: number) => readonly (number | null)[];
}

export interface TestDataset {
  readonly episodes: readonly TestEpisode[];
  readonly excludedRows?: readonly ExcludedRows[];
  readonly groupBy?: readonly GroupKey[];
}

const idOf = (n: number): string => `01JDXQ6R5T${n.toString().padStart(16, '0')}`;

/** From 0 to 1, the same each time. */
function noise(...what: readonly (string | number)[]): number {
  return createHash('sha256').update(what.join(' ')).digest().readUInt32BE(0) / 2 ** 32;
}

/**
 * A laboratory that does all right: `count` pairs, each of a malicious episode and its benign twin, recorded one after the
 * other, in turns, on the same host, of the same phases in an order that changes. What is learned from it is behaviour.
 */
export function pairs(count: number, change: (episode: TestEpisode, arm: string) => Partial<TestEpisode> = () => ({})) {
  return Array.from({ length: count }, (_, pair) => pair).flatMap((pair) => {
    const isFirst = noise('order', pair) < 0.5;
    return ['benign', 'malicious'].map((arm, index): TestEpisode => {
      const n = 2 * pair + ((pair + index) % 2);
      const phases = [
        { label: 'benign', seconds: 10 },
        { label: arm, seconds: 10 },
      ];
      const episode: TestEpisode = {
        id: idOf(n),
        split: pair < count * 0.7 ? 'train' : pair < count * 0.85 ? 'validation' : 'test',
        phases: isFirst ? phases : phases.reverse(),
        columns: {
          arm,
          pair: String(pair),
          seed: BigInt(pair),
          host: `host-${pair % 3}`,
          start_realtime_ns: START_NS + BigInt(n) * 5n * HOUR_NS,
        },
      };
      return { ...episode, ...change(episode, arm) };
    });
  });
}

export const withColumns = ({ columns }: TestEpisode, more: Readonly<Record<string, unknown>>) => ({
  columns: { ...columns, ...more },
});

/** Noise, but for what is changed of it. */
export const noiseOf =
  (id: string, change: (values: (number | null)[], label: string) => (number | null)[] = (values) => values) =>
  (label: string, step: number): (number | null)[] => {
    const values: (number | null)[] = FEATURES.map((name) => noise(id, name, step));
    return change(noise(id, 'null', step) < 0.1 ? values.with(3, null) : values, label);
  };

/** Writes the files of a data set as "dataset build" does, as far as an audit reads them. */
export async function writeDataset(folder: string, { episodes, excludedRows = [], groupBy = [] }: TestDataset) {
  const database = await openDatabase();
  try {
    const write = (table: Omit<Table, 'files'>, rows: Rows) => writeTable(database, folder, table, rows);
    const bare = { view: null, description: 'For a test.' };
    const aligned = episodes.map((episode) => ({ split: episode.split, rows: alignedRows(episode) }));
    const tables = [
      await write(
        { ...bare, name: 'episodes', kind: 'episodes', path: 'tables/episodes', columns: EPISODE_COLUMNS },
        episodes.map((episode) => ({ split: episode.split, rows: [episodeRow(episode)] })),
      ),
      await write(
        { ...bare, name: 'labels', kind: 'labels', path: 'tables/labels', columns: LABEL_COLUMNS },
        episodes.map((episode) => ({ split: episode.split, rows: labelRows(episode) })),
      ),
      await write(
        {
          ...bare,
          view: 'deployable',
          name: 'aligned',
          kind: 'aligned',
          path: 'deployable/aligned',
          columns: ALIGNED_COLUMNS,
        },
        aligned,
      ),
    ];
    put(folder, 'dataset.json', datasetDocument({ episodes, excludedRows, tables, aligned }));
    put(folder, 'deployable/features.json', FEATURE_DOCUMENT);
    put(folder, 'splits.json', splitsDocument(episodes, groupBy));
  } finally {
    database.close();
  }
}

type Rows = readonly { readonly split: string; readonly rows: readonly (readonly unknown[])[] }[];

const column =
  (type: string, role: Role) =>
  (name: string): Column => ({
    name,
    type,
    role,
    unit: null,
    description: 'For a test.',
    available_in_deployment: null,
  });
const text = column('VARCHAR', 'provenance');
const integer = column('BIGINT', 'provenance');

const EPISODE_COLUMNS: readonly Column[] = [
  ...['episode_id', 'group_id', 'grade', 'scenario', 'scenario_version', 'arm', 'pair', 'sample', 'family', 'host'].map(
    text,
  ),
  ...['image', 'state', 'operator', 'profile', 'target_type', 'accelerator', 'recorder_version', 'end_reason'].map(
    text,
  ),
  ...['collectors', 'phases', 'labels', 'kernel'].map(text),
  ...[
    'repeat',
    'seed',
    'recorder_max_rss_bytes',
    'start_realtime_ns',
    'duration_ns',
    'rows',
    'cpus',
    'memory_bytes',
  ].map(integer),
  column('DOUBLE', 'provenance')('recorder_cpu_share'),
  column('BOOLEAN', 'provenance')('recovered'),
];

const LABEL_COLUMNS: readonly Column[] = [
  ...['episode_id', 'label', 'phase'].map(text),
  ...['position', 'start_ns', 'end_ns'].map(integer),
];

const ALIGNED_COLUMNS: readonly Column[] = [
  column('VARCHAR', 'key')('episode_id'),
  column('BIGINT', 'key')('step'),
  column('BIGINT', 'time')('t_mono_ns'),
  column('VARCHAR', 'label')('label'),
  ...FEATURES.map(column('DOUBLE', 'feature')),
];

const FEATURE_DOCUMENT = {
  schema_version: 1,
  view: 'deployable',
  features: FEATURES.map((name, i) => ({ name, source: 'system', normalised_by: i === 0 ? 'cpus' : null })),
};

function episodeRow({ id, phases, columns = {} }: TestEpisode): unknown[] {
  const seconds = phases.reduce((sum, phase) => sum + phase.seconds, 0);
  const usual: Readonly<Record<string, unknown>> = {
    episode_id: id,
    group_id: id,
    grade: 'ok',
    recovered: false,
    scenario: 'test',
    profile: 'lab',
    target_type: 'qemu',
    recorder_version: '0.1.0',
    recorder_cpu_share: noise(id, 'cpu'),
    recorder_max_rss_bytes: BigInt(Math.floor(noise(id, 'memory') * 1e8)),
    end_reason: 'duration_over',
    collectors: 'host_proc,system',
    duration_ns: BigInt(seconds * SECOND_NS),
    rows: BigInt(seconds * 10),
    labels: phases.map(({ label }) => label).join('>'),
    cpus: 1n,
  };
  const all = { ...usual, ...columns };
  return EPISODE_COLUMNS.map(({ name }) => all[name] ?? null);
}

function labelRows({ id, phases }: TestEpisode): unknown[][] {
  let start = 0;
  return phases.map(({ label, seconds }, position) => {
    const row = [id, label, `phase-${position}`, BigInt(position), BigInt(start), BigInt(start + seconds * SECOND_NS)];
    start += seconds * SECOND_NS;
    return row;
  });
}

function alignedRows({ id, phases, features = noiseOf(id) }: TestEpisode): unknown[][] {
  const labels = phases.flatMap(({ label, seconds }) => new Array<string>(seconds).fill(label));
  return labels.map((label, i) => [id, BigInt(i + 1), BigInt((i + 1) * SECOND_NS), label, ...features(label, i + 1)]);
}

async function writeTable(
  database: Database,
  folder: string,
  table: Omit<Table, 'files'>,
  parts: Rows,
): Promise<Table> {
  const files = [];
  for (const split of SPLITS) {
    const rows = parts.filter((part) => part.split === split).flatMap((part) => part.rows);
    if (rows.length === 0) continue;
    const path = `${table.path}/split=${split}/part-0.parquet`;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const columns = table.columns.map(({ name, type }) => `${quoteName(name)} ${type}`).join(', ');
    await database.run(`CREATE OR REPLACE TABLE rows (${columns})`);
    const values = rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ');
    await database.run(`INSERT INTO rows VALUES ${values}`);
    await database.run(`COPY rows TO ${quoteText(join(folder, path))} (FORMAT parquet)`);
    files.push({ path, split, rows: rows.length, bytes: 0, sha256: '0'.repeat(64) });
  }
  return { ...table, files };
}

function literal(value: unknown): string {
  return value === null ? 'NULL' : typeof value === 'string' ? quoteText(value) : String(value);
}

function datasetDocument({
  episodes,
  excludedRows,
  tables,
  aligned,
}: {
  readonly episodes: readonly TestEpisode[];
  readonly excludedRows: readonly ExcludedRows[];
  readonly tables: readonly Table[];
  readonly aligned: Rows;
}): DatasetDocument {
  const counts: Record<string, Record<string, number>> = {};
  for (const { split, rows } of aligned)
    for (const row of rows) {
      const label = String(row[3]);
      counts[split] ??= {};
      counts[split][label] = (counts[split][label] ?? 0) + 1;
    }
  return {
    schema_version: 1,
    name: 'test',
    cis490_version: '0.1.0',
    duckdb_version: '1.5',
    command: [],
    options: {},
    views: ['deployable'],
    splits: SPLITS.filter((split) => split in counts),
    classes: [...new Set(episodes.flatMap(({ phases }) => phases.map(({ label }) => label)))].sort(),
    episodes: [],
    excluded_episodes: [],
    excluded_rows: excludedRows,
    aligned_rows: counts,
    sources: [],
    tables,
    warnings: [],
  };
}

/** Each episode a group of its own, which is not looked at. */
function splitsDocument(episodes: readonly TestEpisode[], groupBy: readonly GroupKey[]) {
  return {
    schema_version: 1,
    options: { by: 'groups', percent: [70, 15, 15], group_by: groupBy, seed: 1 },
    splits: [],
    groups: episodes.map(({ id, split }) => ({ id, split, episodes: [id], members: {} })),
    overlaps: [],
    shared: [],
  };
}

function put(folder: string, name: string, document: unknown): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), printJson(document));
}
