import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, idleProcess, onlyEpisode, readJson, readRows, startCli, temporaryFolder, until } from '../support/cli.js';
import { tell } from './support/random.js';
import { withWallClock } from './support/shim.js';

const HOUR_S = 3600;
const FILES = ['telemetry/host_proc.jsonl', 'telemetry/system.jsonl', 'events.jsonl', 'labels.jsonl'];
const PHASES = ['calm:benign:3s', 'busy:malicious:3s'].flatMap((phase) => ['--phase', phase]);

/** Records while the wall clock is stepped by so many seconds, one step whenever ten more rows have come. */
async function recordWithSteps(steps: readonly number[]): Promise<string> {
  const [output, clock] = [temporaryFolder(), withWallClock()];
  const target = ['--target-pid', String(idleProcess().pid)];
  const args = ['episode', 'start', ...target, '--interval', '10ms', '--output', output, ...PHASES];
  const { saw, outcome } = startCli(args, { env: clock.env });
  await saw(/phase_started/);
  const folder = onlyEpisode(output);
  for (const [index, step] of steps.entries()) {
    await until(() => readRows(join(folder, FILES[0]!)).length > 10 * (index + 1));
    clock.setOffset(step);
  }
  const { code, stderr } = await outcome;
  expect([0, 3], stderr).toContain(code);
  return folder;
}

/** Straight from the digits: no such number fits one of JavaScript. */
const wallTimes = (path: string): bigint[] =>
  [...readFileSync(path, 'latin1').matchAll(/"t_wall_ns":(\d+)/g)].map(([, digits]) => BigInt(digits!));

test.each([
  ['forward by an hour', [HOUR_S], HOUR_S],
  ['back by an hour', [-HOUR_S], -HOUR_S],
  ['forward by an hour, and back by two', [HOUR_S, -HOUR_S], -HOUR_S],
  ['back by an hour, and right again', [-HOUR_S, 0], 0],
])('a wall clock that is stepped %s: no row goes back, and the drift tells', async (name, steps, driftS) => {
  const folder = await recordWithSteps(steps);
  const { clocks, grade_reasons: reasons } = readJson(join(folder, 'meta.json'));
  const told = reasons.filter((reason: string) => reason.startsWith('the wall clock went '));
  expect(told).toHaveLength(driftS === 0 ? 0 : 1);
  expect(Math.abs(Number(clocks.drift_ns) / 1e9 - driftS)).toBeLessThan(0.5); // which also proves that it was stepped for the recorder
  for (const file of FILES) {
    const times = wallTimes(join(folder, file));
    expect(times.length).toBeGreaterThan(0);
    expect(times.filter((time, index) => index > 0 && time < times[index - 1]!)).toEqual([]);
    const span = Number(times.at(-1)! - times[0]!) / 1e9;
    expect(span, `${file} spans an hour that was not`).toBeLessThan(HOUR_S / 2);
  }
  expect((await cli('episode', 'validate', folder)).code).toBe(0);
  tell(`wall clock ${name}: drift_ns ${clocks.drift_ns}, ${wallTimes(join(folder, FILES[0]!)).length} rows in order`);
});
