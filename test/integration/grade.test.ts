import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  cli,
  onlyEpisode,
  plugin,
  type RunningCli,
  readJson,
  readRows,
  startCli,
  temporaryFolder,
  until,
} from '../support/cli.js';

interface Started extends RunningCli {
  readonly output: string;
}

function start(config: object): Started {
  const [output, folder] = [temporaryFolder(), temporaryFolder()];
  const file = join(folder, '.cis490rc');
  writeFileSync(file, JSON.stringify({ target: { type: 'pid', pid: process.pid }, ...config }));
  return { output, ...startCli(['episode', 'start', '--config', file, '--output', output]) };
}

async function finished({ outcome, output }: Started) {
  const { code } = await outcome;
  const folder = onlyEpisode(output);
  expect((await cli('episode', 'validate', folder)).stdout).toMatch(/: valid/);
  const meta = readJson(join(folder, 'meta.json'));
  return { code, folder, meta, marker: readJson(join(folder, 'done.marker')) };
}

test.each<[string, object, RegExp]>([
  ['recorder_cpu_share', { recorder_cpu_share: 0 }, /^the recorder took [\d.]+ of a CPU; up to 0 is accepted$/],
  [
    'lateness_share, late_share and missed_ticks',
    { lateness_share: 0, late_share: 0, missed_ticks: 0 },
    /^system was more than 0 ms \(0 of its interval\) late in \d+ of \d+ samples, the latest [\d.]+ ms; none is accepted$/,
  ],
  [
    'label_coverage',
    { label_coverage: 1 },
    /^labels stand as planned for 0\.\d+ of the time; at least 1 is asked for$/,
  ],
])(
  'an episode that can not keep to %s is degraded, and the sentence stands in its marker',
  async (_, grade, sentence) => {
    const phases = [{ name: 'work', label: 'malicious', duration: '3s', run: ['sleep', '60'] }];
    const { code, meta, marker } = await finished(start({ grade, phases, collectors: { system: {} } }));
    expect(code).toBe(3);
    expect(marker.grade).toBe('degraded');
    expect(marker.reasons).toContainEqual(expect.stringMatching(sentence));
    expect(meta.config.grade).toMatchObject(grade);
  },
);

test('a recorder that is stopped for two seconds names the gap, also of streams', async () => {
  const collectors = { system: {}, host_proc: { interval: '20ms' }, heartbeat: {}, quiet_stream: {} };
  const episode = start({ duration: '6s', collectors, plugins: [plugin('kinds.mjs')] });
  const { child, output, saw } = episode;
  await saw(/phase_started/);
  const rowsOf = (source: string) => readRows(join(onlyEpisode(output), `telemetry/${source}.jsonl`));
  await until(() => ['system', 'host_proc', 'heartbeat'].every((source) => rowsOf(source).length > 0));
  child.kill('SIGSTOP');
  await until(() => / T /.test(readFileSync(`/proc/${child.pid}/stat`, 'latin1')));
  await delay(2_000);
  child.kill('SIGCONT');

  const { code, meta, marker } = await finished(episode);
  expect(code).toBe(3);
  expect(marker).toMatchObject({ status: 'complete', grade: 'degraded' });
  for (const { source, kind, longest_pause_ns, longest_pause_from_ns } of meta.collectors) {
    expect(longest_pause_ns).toBeGreaterThanOrEqual(2e9);
    expect(longest_pause_from_ns + longest_pause_ns).toBeLessThanOrEqual(meta.end_ns);
    const verb = kind === 'stream' ? 'took nothing in' : 'took no sample';
    expect(marker.reasons).toContainEqual(
      expect.stringMatching(
        new RegExp(`^${source} ${verb} for \\d+(\\.\\d+)? s, from [\\d.]+ m?s on; up to 1 s is accepted$`),
      ),
    );
  }
});

test('an episode whose labels were all recorded as planned is covered as a whole', async () => {
  const { meta } = await finished(start({ duration: '300ms', collectors: { system: {} } }));
  expect(meta.labels).toEqual({ coverage: 1, max_uncertainty_ns: expect.any(Number) });
});
