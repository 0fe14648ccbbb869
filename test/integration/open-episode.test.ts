import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Fields } from '../../src/index.js';
import { cli, onlyEpisode, ROOT, readRows, temporaryFolder, watch } from '../support/cli.js';
import { makeEpisode } from '../support/made-episode.js';

const PACKAGE = join(ROOT, 'dist/index.js');
const ROWS = 200_000;
/** The rows in between are 30 MB of text, and more than 100 MB as objects. */
const GROWTH_BYTES = 5_000_000;

const FIELDS = {
  read_bytes: { type: 'integer', unit: 'By', kind: 'counter', reset: 'boot', description: 'Read.' },
  name: { type: 'string', kind: 'info', description: 'Name.' },
} as const satisfies Fields;

/** Runs a module that imports the package, and resolves to the JSON that it prints. */
async function run(script: string, ...args: string[]) {
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script, PACKAGE, ...args]);
  const { code, stdout, stderr } = await watch(child).outcome;
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

test('what a program reads through the package is what was recorded, to the last digit', async () => {
  const output = temporaryFolder();
  await cli('episode', 'start', '--target-pid', String(process.pid), '--duration', '1s', '--output', output);
  const path = onlyEpisode(output);
  const read = await run(
    `const { openEpisode } = await import(process.argv[1]);
     const episode = await openEpisode(process.argv[2]);
     const rows = {};
     for (const { name } of episode.sources) {
       rows[name] = [];
       for await (const { t_wall_ns, ...row } of episode.rows(name)) rows[name].push({ ...row, wall: String(t_wall_ns) });
     }
     console.log(JSON.stringify({ rows, grade: episode.marker.grade, labels: await episode.labels() }));`,
    path,
  );
  for (const source of ['host_proc', 'system']) {
    const expected = readRows(join(path, `telemetry/${source}.jsonl`)).map(({ t_wall_ns: _, ...row }) => row);
    expect(read.rows[source].map(({ wall: _, ...row }: { wall: string }) => row)).toEqual(expected);
    expect(read.rows[source].every(({ wall }: { wall: string }) => /^\d{19}$/.test(wall))).toBe(true);
  }
  expect(read.labels).toMatchObject([{ label: 'unlabelled', fromNs: 0 }]);
});

test('the program of docs/reading.md runs as it stands there', async () => {
  const output = temporaryFolder();
  const phases = ['--phase', 'a:benign:2s', '--phase', 'b:malicious:2s'];
  await cli('episode', 'start', '--target-pid', String(process.pid), ...phases, '--output', output);
  const [, program] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'docs/reading.md'), 'utf8'))!;
  const args = ['--input-type=module', '-e', program!, 'reading.mjs', onlyEpisode(output)];
  // in the package's own folder, where its name means itself
  const child = spawn(process.execPath, args, { cwd: ROOT });
  const { code, stdout, stderr } = await watch(child).outcome;
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /^\w{26} \w+ pid\na is benign from 0 s to \d\.?\d* s\nb is malicious from .*\nhost_proc: \d+ rows/,
  );
});

test('memory does not grow with the rows that are read', async () => {
  const rows = function* () {
    for (let i = 0; i < ROWS; i++) yield { read_bytes: i * 4096, name: `row ${i}` };
  };
  const path = makeEpisode({
    output: temporaryFolder(),
    durationMs: ROWS,
    sources: { gpu: { fields: FIELDS, intervalMs: 1, rows: rows() } },
  });
  const { early, late, count } = await run(
    `const { openEpisode } = await import(process.argv[1]);
     const episode = await openEpisode(process.argv[2]);
     const used = () => (gc(), process.memoryUsage().heapUsed);
     let count = 0, early = 0;
     for await (const row of episode.rows('gpu')) if (++count === ${ROWS / 10}) early = used();
     console.log(JSON.stringify({ early, late: used(), count }));`,
    path,
  );
  expect(count).toBe(ROWS);
  expect(late - early).toBeLessThan(GROWTH_BYTES);
});
