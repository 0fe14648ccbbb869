import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeReport } from '../../../src/core/report/write-report.js';
import { SchemaRegistry } from '../../../src/core/schemas/schema-registry.js';
import type { Fields } from '../../../src/index.js';
import { type MadeEpisode, makeEpisode } from '../../support/made-episode.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const FIELDS = {
  used: { type: 'integer', unit: 'By', kind: 'gauge', nullable: true, description: 'Used.' },
  lost: { type: 'integer', unit: 'By', kind: 'gauge', nullable: true, description: 'Lost.' },
  name: { type: 'string', kind: 'info', description: 'Name.' },
} as const satisfies Fields;

const rows = (count: number) => Array.from({ length: count }, (_, i) => ({ used: i, lost: null, name: 'a' }));

const report = (change: Partial<MadeEpisode> = {}, { force = false, name = 'a.html' } = {}) => {
  const folder = temporaryFolder();
  const made = makeEpisode({ output: folder, sources: { gpu: { fields: FIELDS, rows: rows(10) } }, ...change });
  const fileOf = () => join(folder, name);
  return {
    file: fileOf(),
    folder,
    written: () => writeReport({ folder: made, fileOf, force, schemas: new SchemaRegistry() }),
  };
};

test('a report tells what it has written, and leaves nothing else', async () => {
  const { file, folder, written } = report();
  const { bytes, rows: read, charts, grade } = await written();
  expect([read, charts, grade]).toEqual([10, 1, 'ok']);
  expect(readFileSync(file).length).toBe(bytes);
  expect(readdirSync(folder).filter((name) => name.startsWith('a.'))).toEqual(['a.html']);
});

test('what is not drawn is told: columns without a value, and text', async () => {
  const { file, written } = report();
  await written();
  const page = readFileSync(file, 'utf8');
  expect(page).toContain('Without a value in any row: lost.');
  expect(page).toContain('Text, and so not drawn: name.');
});

test('a file that is there stays, unless it is to be replaced', async () => {
  const first = report();
  writeFileSync(first.file, 'mine');
  await expect(first.written()).rejects.toMatchObject({ code: 'REPORT_EXISTS' });
  expect(readFileSync(first.file, 'utf8')).toBe('mine');
  const second = report({}, { force: true });
  writeFileSync(second.file, 'mine');
  await second.written();
  expect(readFileSync(second.file, 'utf8')).toMatch(/^<!doctype html>/);
});

test('a file that can not be written is told, and nothing is left of it', async () => {
  const nowhere = report({}, { name: 'no/such/a.html' });
  await expect(nowhere.written()).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  const folder = report({}, { force: true });
  mkdirSync(folder.file);
  await expect(folder.written()).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  expect(existsSync(`${folder.file}.tmp`)).toBe(false);
});

test('an episode without a marker has no report', async () => {
  await expect(report({ isFinished: false }).written()).rejects.toMatchObject({ code: 'EPISODE_UNFINISHED' });
});

test('an invalid episode is shown as one, with its reasons', async () => {
  const { file, written } = report({
    grade: 'invalid',
    reasons: ['gpu has no rows'],
    sources: { gpu: { fields: FIELDS, rows: [] } },
  });
  await written();
  const page = readFileSync(file, 'utf8');
  expect(page).toContain('grade-invalid');
  expect(page).toContain('<li>gpu has no rows</li>');
  expect(page).toContain('There are no rows.');
});

test('what an episode is evidence of may be of any form: it is shown as JSON', async () => {
  const { file, written } = report({ scenario: { id: { toString: null } as unknown as string } });
  await written();
  expect(readFileSync(file, 'utf8')).toContain('<b>{&quot;toString&quot;:null}</b>');
});

test('phases and events that are too many are counted', async () => {
  const labels = Array.from({ length: 600 }, (_, i) => ({ atMs: i, phase: `p${i}`, label: 'benign' }));
  const events = Array.from({ length: 700 }, (_, i) => ({ atMs: i, event: 'target_event', code: 'x' }));
  const { file, written } = report({ labels, events });
  await written();
  const page = readFileSync(file, 'utf8');
  expect(page).toContain('100 more are not listed.');
  expect(page).toContain('576 more phases are not in this table.');
  expect(page).toContain('201 more are not listed, and not marked in the charts.');
});
