import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ROOT, startCli, temporaryFolder } from '../support/cli.js';
import { install, packCis490 } from '../support/pack.js';
import { TOLERANT } from '../support/tolerant.js';
import { requireTracefs } from '../support/tracefs.js';

beforeAll(requireTracefs);

const GUIDE = readFileSync(join(ROOT, 'docs/plugin-guide.md'), 'utf8');

interface Block {
  readonly language: string;
  readonly title: string | undefined;
  readonly text: string;
}

/** The blocks of code below a heading. */
function blocksOf(heading: string): Block[] {
  const section = GUIDE.split(/^## /m).find((text) => text.startsWith(heading))!;
  const found = section.matchAll(/^```(\w+)(?: title="([^"]+)")?\n([\s\S]*?)^```$/gm);
  return [...found].map(([, language, title, text]) => ({ language: language!, title, text: text! }));
}

/** Does as the guide says, word for word, but for installing cis490 from here. */
async function build(heading: string, name: string, kind: string) {
  const blocks = blocksOf(heading);
  const [create] = blocks;
  expect(create!.text).toContain(`npx cis490 collector create ${name} --kind ${kind}\n`);
  const parent = temporaryFolder();
  await startCli(['collector', 'create', name, '--kind', kind], { cwd: parent }).outcome;
  const folder = join(parent, `cis490-plugin-${name}`);
  install(folder, packCis490(parent));
  execFileSync('sh', ['-c', /^rm .*$/m.exec(create!.text)![0]], { cwd: folder });
  for (const { language, title, text } of blocks) {
    if (language === 'sh' && title === 'fixtures') execFileSync('sh', ['-c', text], { cwd: folder });
    if (language !== 'ts' || title === undefined) continue;
    mkdirSync(dirname(join(folder, title)), { recursive: true });
    writeFileSync(join(folder, title), text);
  }
  const npmTest = (env: object) =>
    spawnSync('npm', ['test'], { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } });
  const update = npmTest({ CIS490_UPDATE: '1' });
  expect(update.status, update.stdout).toBe(0);
  const tests = npmTest({});
  expect(tests.status, tests.stdout).toBe(0);
  return { folder, blocks, read: (path: string) => readFileSync(join(folder, path), 'utf8') };
}

test('the GPU of the guide passes its tests, and gives the rows that the guide shows', {
  timeout: 180_000,
}, async () => {
  const { blocks, read } = await build('A GPU', 'gpu', 'polled');
  const shown = blocks.find(({ language }) => language === 'json')!;
  expect(read('fixtures/two-cards/expected.jsonl')).toBe(shown.text);
});

test('the stream of the guide passes its tests, and tells of programs that are really started', {
  timeout: 180_000,
}, async () => {
  const { folder, read } = await build('A sparse stream', 'execs', 'stream');
  expect(read('fixtures/two-programs/expected.jsonl')).toBe(
    '{"seq":0,"pid":4242,"path":"/usr/bin/id"}\n{"seq":1,"pid":4243,"path":"/home/a b/c"}\n',
  );
  const target = { type: 'command', argv: ['sh', '-c', 'while :; do /bin/true; sleep 0.1; done'] };
  const config = join(folder, 'c.json');
  writeFileSync(
    config,
    JSON.stringify({ target, plugins: ['./dist/index.js'], collectors: { execs: {} }, grade: TOLERANT }),
  );
  const { code, stderr } = await startCli([
    'episode',
    'start',
    '--config',
    config,
    '--duration',
    '4s',
    '--output',
    join(folder, 'out'),
    '--id',
    ID,
  ]).outcome;
  expect(code, stderr).toBe(0);
  expect(read(`out/${ID}/telemetry/execs.jsonl`)).toContain('"path":"/bin/true"}\n');
});

const ID = '01M8500000000000000000000A';
