import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { run } from './children.mjs';

const BENCH = fileURLToPath(new URL('..', import.meta.url));
const BUILD = `${BENCH}.build`;

/** Compiles bench/c/NAME.c and resolves to the program. */
export async function compileC(name) {
  mkdirSync(BUILD, { recursive: true });
  const program = `${BUILD}/${name}`;
  await run('cc', ['-O2', '-Wall', '-Wextra', '-o', program, `${BENCH}c/${name}.c`]);
  return program;
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
