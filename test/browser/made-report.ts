import { join } from 'node:path';
import { writeReport } from '../../src/core/report/write-report.js';
import { SchemaRegistry } from '../../src/core/schemas/schema-registry.js';
import type { Fields } from '../../src/index.js';
import { type MadeEpisode, type MadeRow, makeEpisode } from '../support/made-episode.js';
import { temporaryFolder } from '../unit/support/temporary-folder.js';

export const END_MS = 10_000;
/** In which no tick was sampled. */
export const GAP_MS = { from: 6_000, to: 8_000 };

const ORACLE = {
  level: { type: 'integer', unit: 'By', kind: 'gauge', description: 'A level that stays.' },
  read_bytes: { type: 'integer', unit: 'By', kind: 'counter', reset: 'boot', description: 'Read.' },
} as const satisfies Fields;

const DEPLOYABLE = {
  load: { type: 'number', unit: '1', kind: 'gauge', description: 'Load.' },
  cards: {
    type: 'array',
    description: 'Cards.',
    items: {
      card: { type: 'string', kind: 'info', key: true, description: 'Which.' },
      faults: { type: 'integer', unit: '{fault}', kind: 'counter', reset: 'boot', description: 'Faults.' },
    },
  },
} as const satisfies Fields;

function* rows(valuesAt: (tick: number) => MadeRow): Generator<MadeRow> {
  for (let tick = 0; tick * 100 < END_MS; tick++) {
    const atMs = tick * 100;
    if (atMs <= GAP_MS.from || atMs >= GAP_MS.to) yield { tick, ...valuesAt(tick) };
  }
}

/** The page of ten seconds in three phases, with a gap, of an oracle and a deployable source. Returns the file. */
export async function madeReport(change: Partial<MadeEpisode> = {}): Promise<string> {
  const folder = temporaryFolder();
  const episode = makeEpisode({
    output: folder,
    durationMs: END_MS,
    labels: [
      { atMs: 0, phase: 'baseline', label: 'benign' },
      { atMs: 3_000, phase: 'miner', label: 'malicious', technique: 'T1496' },
      { atMs: 7_000, phase: 'recovery', label: 'benign' },
    ],
    events: [{ atMs: 5_000, event: 'target_event', source: 'target', code: 'opened' }],
    sources: {
      host_proc: {
        fields: ORACLE,
        isDeployable: false,
        rows: rows((tick) => ({ level: 4096, read_bytes: tick ** 2 * 1000 })),
      },
      system: {
        fields: DEPLOYABLE,
        rows: rows((tick) => ({
          load: Math.sin(tick / 5) + 1,
          cards: ['a', 'b'].map((card, i) => ({ card, faults: tick * (i + 1) * 7 })),
        })),
      },
    },
    ...change,
  });
  const path = join(folder, 'report.html');
  await writeReport({ folder: episode, fileOf: () => path, force: false, schemas: new SchemaRegistry() });
  return path;
}
