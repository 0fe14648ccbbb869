/**
 * `node bench/run.mjs [--quick] [NAME...]`: measures what was built into dist/ beside its baselines and prints a table.
 * A missed bar is printed as `over`; the exit code is 0 unless a benchmark could not run.
 */
import { parseArgs } from 'node:util';
import { cadence } from './cases/cadence.mjs';
import { dataset } from './cases/dataset.mjs';
import { durability } from './cases/durability.mjs';
import { eight } from './cases/eight.mjs';
import { faults } from './cases/faults.mjs';
import { hogs } from './cases/hogs.mjs';
import { lab } from './cases/lab.mjs';
import { memory } from './cases/memory.mjs';
import { readback } from './cases/readback.mjs';
import { report } from './cases/report.mjs';
import { sample } from './cases/sample.mjs';
import { ship } from './cases/ship.mjs';
import { startup } from './cases/startup.mjs';
import { tree } from './cases/tree.mjs';
import { startTarget } from './lib/children.mjs';
import { printTable } from './lib/table.mjs';
import { makeTemporaryFolder } from './lib/temporary-folder.mjs';

/** Each measures for a while and resolves to the rows of its table. */
const CASES = {
  sample,
  cadence,
  hogs,
  eight,
  faults,
  startup,
  memory,
  tree,
  durability,
  readback,
  dataset,
  report,
  ship,
  lab,
};

const { isQuick, names } = readArguments();
const context = {
  folder: makeTemporaryFolder(),
  targetPid: startTarget(),
  /** How often to measure: a quick run is for seeing that all of it works. */
  rounds: (full, quick) => (isQuick ? quick : full),
};
const rows = [];
for (const name of names) rows.push(...(await runCase(name)));
printTable(rows);
process.exit(process.exitCode);

async function runCase(name) {
  process.stderr.write(`${name} ...\n`);
  try {
    return await CASES[name](context);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${error.stack}\n`);
    return [{ name, figure: 'could not run' }];
  }
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true });
    const unknown = positionals.find((name) => !Object.hasOwn(CASES, name));
    if (unknown !== undefined) throw new Error(`no benchmark "${unknown}"; there are ${Object.keys(CASES).join(', ')}`);
    return { isQuick: values.quick === true, names: positionals.length > 0 ? positionals : Object.keys(CASES) };
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
