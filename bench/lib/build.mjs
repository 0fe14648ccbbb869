import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { run } from './children.mjs';

const BENCH = fileURLToPath(new URL('..', import.meta.url));
const BUILD = `${BENCH}.build`;

/** Compiles bench/c/NAME.c and resolves to the program. */
export const compileC = (name) => compile(name, name, []);

/** The same for what goes into LD_PRELOAD. */
export const compileLibrary = (name) => compile(name, `${name}.so`, ['-shared', '-fPIC']);

async function compile(name, output, options) {
  mkdirSync(BUILD, { recursive: true });
  const path = `${BUILD}/${output}`;
  await run('cc', ['-O2', '-Wall', '-Wextra', ...options, '-o', path, `${BENCH}c/${name}.c`]);
  return path;
}

/** Bundles bench/NAME.mjs with the product's sources that it imports, as scripts/build.mjs does, and resolves to the module. */
export async function bundle(name) {
  const outfile = `${BUILD}/${name}.mjs`;
  await build({
    entryPoints: [`${BENCH}${name}.mjs`],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return outfile;
}

export const pythonProgram = (name) => `${BENCH}python/${name}.py`;
