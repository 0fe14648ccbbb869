import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, compileC, pythonProgram } from '../lib/build.mjs';
import { run } from '../lib/children.mjs';
import { interleave, median, medianRatio } from '../lib/statistics.mjs';

const BAR_C = 1.5;
const BAR_PYTHON = 0.25;

/** CPU time of one host_proc sample, read, encoded and written. */
export async function sample({ folder, targetPid, rounds }) {
  const [module, program] = await Promise.all([bundle('host-sample'), compileC('host_sample')]);
  const file = join(folder, 'rows.jsonl');
  const measure = async (command, args) => {
    const microseconds = Number(await run(command, [...args, `${targetPid}`, file]));
    rmSync(file);
    return microseconds;
  };
  const { ours, c, python } = await interleave(rounds(7, 3), {
    ours: () => measure(process.execPath, [module]),
    c: () => measure(program, []),
    python: () => measure('python3', [pythonProgram('host_sample')]),
  });
  return [
    compare({ name: 'sample, CPU time, C', ours, baseline: c, bar: BAR_C }),
    compare({ name: 'sample, CPU time, Python', ours, baseline: python, bar: BAR_PYTHON }),
  ];
}

function compare({ name, ours, baseline, bar }) {
  const ratio = medianRatio(ours, baseline);
  return { name, figure: show(ours), baseline: show(baseline), ratio, bar: `<= ${bar} x`, isOk: ratio <= bar };
}

const show = (microseconds) => `${median(microseconds).toFixed(2)} us`;
