/**
 * Builds dist from scratch: types by tsc, code by esbuild, the validators of our own schemas by ajv, oclif's manifest.
 * Bundled, the program starts in half the time: what costs is opening several hundred small files.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import { build } from 'esbuild';

/** Replaces dist at the end: a build that fails leaves the former one. */
const OUT = 'dist.new';

rmSync(OUT, { recursive: true, force: true });
emitTypes();
await Promise.all([bundle(), bundlePage(), compileValidators()]);
rmSync('dist', { recursive: true, force: true });
renameSync(OUT, 'dist');
await writeManifest();

function emitTypes() {
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--outDir', OUT],
    { stdio: 'inherit' },
  );
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * The command line, and what threads and third parties load, are bundled apart: what both use stands in both, and each
 * opens few files. Opening many at once would also need as many descriptors.
 */
async function bundle() {
  await Promise.all([
    bundleEntries(['src/cli/main.ts', 'src/cli/commands.ts'], 'chunks/cli'),
    bundleEntries(
      [
        'src/index.ts',
        'src/procfs.ts',
        'src/program.ts',
        'src/qmp.ts',
        'src/testing/index.ts',
        'src/core/collection/worker.ts',
        ...plugins(),
      ],
      'chunks',
    ),
  ]);
}

/** What a report's page has in it: for a browser, and small, since it stands whole in each file. */
async function bundlePage() {
  await build({
    entryPoints: ['src/report-page/page.ts', 'src/report-page/page.css'],
    outdir: `${OUT}/report-page`,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome100', 'firefox100', 'safari15.4'],
    minify: true,
    legalComments: 'inline',
    logLevel: 'warning',
  });
}

async function bundleEntries(entryPoints, chunks) {
  await build({
    entryPoints,
    outbase: 'src',
    outdir: OUT,
    chunkNames: `${chunks}/[name]-[hash]`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    // names stay as they are, for stacks
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'warning',
    // loaded only where they are used, from node_modules as they are
    external: ['ajv', 'ajv-formats', 'typescript', '@duckdb/node-api', '@aws-sdk/*', 'undici', 'chokidar'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
}

function plugins() {
  return ['plugins', 'destinations'].flatMap((kind) =>
    readdirSync(`src/${kind}`).map((name) => `src/${kind}/${name}/index.ts`),
  );
}

/** A CommonJS module for each schema of a document: a recording loads the configuration's alone. */
async function compileValidators() {
  const folder = `${OUT}/validators`;
  mkdirSync(folder, { recursive: true });
  const names = readdirSync('schemas').filter((name) => name.endsWith('.schema.json'));
  await Promise.all(
    names.map((name) => compileValidator(`schemas/${name}`, `${folder}/${name.replace('.schema.json', '.cjs')}`)),
  );
}

async function compileValidator(schema, outfile) {
  const ajv = new Ajv2020({
    strict: true,
    allErrors: true,
    verbose: true,
    discriminator: true,
    allowUnionTypes: true,
    keywords: ['x-unit'],
    code: { source: true },
  });
  addFormats.default(ajv);
  const contents = standaloneCode.default(ajv, ajv.compile(JSON.parse(readFileSync(schema, 'utf8'))));
  const stdin = { contents, resolveDir: '.', loader: 'js' };
  await build({
    stdin,
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    logLevel: 'warning',
  });
}

/** With a manifest oclif need not load every command to learn of their flags. It is made anew by each build, so it can't be stale. */
async function writeManifest() {
  const { Plugin } = await import('@oclif/core');
  const plugin = new Plugin({
    errorOnManifestCreate: true,
    ignoreManifest: true,
    root: process.cwd(),
    respectNoCacheDefault: true,
  });
  await plugin.load();
  writeFileSync('oclif.manifest.json', `${JSON.stringify(plugin.manifest)}\n`);
}
