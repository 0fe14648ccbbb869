/**
 * Writes what follows from the code: the row schemas in schemas/sources, the field tables in the plugins' READMEs, and
 * docs/errors.md. With --check it changes nothing and fails if a file is not what it would be.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { withFieldTable } from '../dist/testing/index.js';

const isCheck = process.argv.includes('--check');
const stale = [];
const { rowSchema, ERRORS } = await load();
const collectors = await Promise.all(
  readdirSync('src/plugins').map(async (folder) => ({
    folder,
    collector: (await import(`../dist/plugins/${folder}/index.js`)).default,
  })),
);

for (const { folder, collector } of collectors) {
  if (collector.configure !== undefined) continue; // its configuration tells its rows
  put(
    `schemas/sources/${collector.name}.schema.json`,
    `${JSON.stringify(rowSchema(collector, collector.kind === 'stream' ? 'seq' : 'tick'), null, 2)}\n`,
  );
  const readme = `src/plugins/${folder}/README.md`;
  put(readme, withFieldTable(readFileSync(readme, 'utf8'), collector.fields));
}
put('docs/errors.md', errorsPage());

if (stale.length > 0) {
  console.error(`not up to date: ${stale.join(', ')}; run "npm run generate"`);
  process.exit(1);
}

/** The two modules that are no entry of the bundle. */
async function load() {
  const folder = mkdtempSync(join(tmpdir(), 'cis490-generate-'));
  try {
    const contents =
      "export { rowSchema } from './src/core/rows/row-schema.ts'; export { ERRORS } from './src/core/errors/error-table.ts';";
    const outfile = join(folder, 'parts.mjs');
    await build({
      stdin: { contents, resolveDir: '.', loader: 'ts' },
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile,
    });
    return await import(outfile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function put(path, content) {
  let before = '';
  try {
    before = readFileSync(path, 'utf8');
  } catch {
    // it is new
  }
  if (before === content) return;
  if (isCheck) stale.push(path);
  else writeFileSync(path, content);
}

function errorsPage() {
  const rows = Object.entries(ERRORS).map(
    ([code, { exit, meaning, hint }]) => `| \`${code}\` | ${exit} | ${meaning} | ${hint} |\n`,
  );
  return `# Errors

Every error that a user can meet has a stable code, which \`--json\` prints, and an exit code. This page is made from
\`src/core/errors/error-table.ts\`.

| code | exit | what it means | what to do |
| --- | --- | --- | --- |
${rows.join('')}`;
}
