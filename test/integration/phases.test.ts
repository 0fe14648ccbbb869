import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, onlyEpisode, readJson, readRows, temporaryFolder } from '../support/cli.js';
import { TOLERANT, TOLERANT_FLAGS } from '../support/tolerant.js';

interface Recorded {
  readonly code: number | null;
  readonly folder: string;
  // biome-ignore lint/suspicious/noExplicitAny: rows of any shape
  readonly labels: any[];
  // biome-ignore lint/suspicious/noExplicitAny: rows of any shape
  readonly events: any[];
}

async function record(config: object): Promise<Recorded> {
  const [output, folder] = [temporaryFolder(), temporaryFolder()];
  const file = join(folder, '.cis490rc');
  writeFileSync(
    file,
    JSON.stringify({
      target: { type: 'pid', pid: process.pid },
      collectors: { system: {} },
      grade: TOLERANT,
      ...config,
    }),
  );
  const { code } = await cli('episode', 'start', '--config', file, '--output', output);
  const episode = onlyEpisode(output);
  expect((await cli('episode', 'validate', episode)).stdout).toMatch(/: valid/);
  return {
    code,
    folder: episode,
    labels: readRows(join(episode, 'labels.jsonl')),
    events: readRows(join(episode, 'events.jsonl')),
  };
}

test('labels follow the schedule; each tells how far it is from the plan', async () => {
  const { code, labels } = await record({
    classes: ['scan'],
    phases: [
      { name: 'a', label: 'benign', duration: '1s' },
      { name: 'b', label: 'scan', duration: '1s', technique: 'T1046' },
      { name: 'c', label: 'unknown', duration: '1s' },
    ],
  });
  expect(code).toBe(0);
  expect(labels).toMatchObject([
    { seq: 0, t_mono_ns: 0, phase: 'a', label: 'benign', source: 'schedule', confirmed: null },
    { seq: 1, phase: 'b', label: 'scan', source: 'schedule', technique: 'T1046' },
    { seq: 2, phase: 'c', label: 'unknown', source: 'schedule' },
  ]);
  for (const [i, { t_mono_ns, uncertainty_ns }] of labels.entries())
    if (i > 0) expect(uncertainty_ns).toBe(Math.abs(t_mono_ns - i * 1e9));
});

test('an action sets its label when it is seen to run, and the next one when it has ended', async () => {
  const { code, folder, labels, events } = await record({
    phases: [
      { name: 'before', label: 'benign', duration: '1s' },
      {
        name: 'work',
        label: 'malicious',
        duration: '3s',
        run: ['sh', '-c', 'echo "$CIS490_PHASE $CIS490_TARGET_PID"; setsid sleep 981 & sleep 980'],
      },
      { name: 'after', label: 'benign', duration: '2s' },
    ],
  });
  expect(code).toBe(0);
  // while an action takes long to end, nobody knows
  const [before, work, after, ...more] = labels.filter(({ why }) => !/to end$/.test(why ?? ''));
  expect(more).toEqual([]);
  expect([before, work, after].map(({ source, confirmed }) => [source, confirmed])).toEqual([
    ['schedule', null],
    ['action', true],
    ['action', true],
  ]);
  const started = events.find(({ event }) => event === 'action_started');
  expect(work.t_mono_ns).toBe(started.t_mono_ns);
  expect(work.uncertainty_ns).toBe(started.t_mono_ns - started.requested_ns);
  expect(after.t_mono_ns).toBeGreaterThan(4e9);
  expect(readFileSync(join(folder, 'artifacts/phase-2-work-stdout.log'), 'utf8')).toBe(`work ${process.pid}\n`);
  expect(events.find(({ event }) => event === 'action_exited')).toMatchObject({ phase: 'work', expected: true });
});

test('an action in the first phase: until it runs, the label is unknown', async () => {
  const { labels } = await record({
    phases: [{ name: 'work', label: 'malicious', duration: '3s', run: ['sleep', '60'] }],
  });
  expect(labels).toMatchObject([
    { t_mono_ns: 0, label: 'unknown', source: 'schedule' },
    { label: 'malicious', source: 'action', confirmed: true },
  ]);
});

test('an action that does not exist leaves its phase unknown and degrades the grade', async () => {
  const { code, folder, labels, events } = await record({
    phases: [
      { name: 'a', label: 'benign', duration: '1s' },
      { name: 'b', label: 'malicious', duration: '1s', run: ['no-such-program'] },
    ],
  });
  expect(code).toBe(3);
  expect(labels).toMatchObject([
    { label: 'benign' },
    { phase: 'b', label: 'unknown', source: 'action', confirmed: false },
  ]);
  expect(events.find(({ event }) => event === 'action_failed').reason).toContain('no-such-program');
  const { grade, reasons } = readJson(join(folder, 'done.marker'));
  expect(grade).toBe('degraded');
  expect(reasons.join()).toContain('could not start');
});

test('an action that ends before its phase makes the rest unknown, unless it is a oneshot', async () => {
  const phases = (oneshot: boolean) => [
    { name: 'a', label: 'benign', duration: '1s' },
    { name: 'b', label: 'malicious', duration: '3s', run: ['true'], ...(oneshot && { oneshot }) },
  ];
  const [early, oneshot] = [await record({ phases: phases(false) }), await record({ phases: phases(true) })];
  expect(early.code).toBe(3);
  expect(early.labels.map(({ label }) => label)).toEqual(['benign', 'malicious', 'unknown']);
  expect(oneshot.code).toBe(0);
  expect(oneshot.labels.map(({ label }) => label)).toEqual(['benign', 'malicious']);
});

test('a oneshot that fails is a failed action', async () => {
  const { code, labels } = await record({
    phases: [{ name: 'b', label: 'malicious', duration: '3s', run: ['false'], oneshot: true }],
  });
  expect(code).toBe(3);
  expect(labels.at(-1)).toMatchObject({ label: 'unknown', confirmed: false });
});

test('phases that were never reached get no label, and degrade the grade', async () => {
  const output = temporaryFolder();
  const { code } = await cli(
    'episode',
    'start',
    ...TOLERANT_FLAGS,
    '--phase',
    'a:benign:1s',
    '--phase',
    'b:malicious:60s',
    '--phase',
    'c:benign:60s',
    '--output',
    output,
    '--',
    'sleep',
    '3',
  );
  expect(code).toBe(3);
  const folder = onlyEpisode(output);
  expect(readRows(join(folder, 'labels.jsonl')).map(({ phase }) => phase)).toEqual(['a', 'b']);
  expect(readJson(join(folder, 'done.marker')).reasons).toEqual(['phases never reached: c']);
  expect(readJson(join(folder, 'meta.json')).phases.map(({ name }: { name: string }) => name)).toEqual(['a', 'b']);
});

test('the example that ships: the workload is busy in the busy phase, and only there', async () => {
  const output = temporaryFolder();
  const { code } = await cli('episode', 'start', '--config', '.cis490rc.example', '--output', output);
  expect(code).toBe(0);
  const folder = onlyEpisode(output);
  const [, busy, quiet] = readRows(join(folder, 'labels.jsonl')).map(({ t_mono_ns }) => t_mono_ns);
  const rows = readRows(join(folder, 'telemetry/host_proc.jsonl'));
  const jiffies = (from: number, to: number) => {
    const within = rows
      .filter(({ t_mono_ns }) => t_mono_ns >= from && t_mono_ns < to)
      .map((row) => row.cpu_user_jiffies + row.cpu_sys_jiffies);
    return within.at(-1) - within[0];
  };
  expect(jiffies(0, busy)).toBeLessThanOrEqual(5);
  expect(jiffies(busy, quiet)).toBeGreaterThan(20); // of 300, where it has a core for itself
  expect(jiffies(quiet, 9e9)).toBeLessThanOrEqual(5);
});

test('an action that is slow to end: nobody knows in between, late phases degrade, and those that are over are skipped', async () => {
  const { code, folder, labels } = await record({
    grade: { ...TOLERANT, phase_delay: '100ms' },
    phases: [
      {
        name: 'stubborn',
        label: 'malicious',
        duration: '3s',
        run: ['sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done'],
      },
      { name: 'skipped', label: 'benign', duration: '500ms' },
      { name: 'late', label: 'benign', duration: '6s' },
    ],
  });
  expect(code).toBe(3);
  expect(labels.map(({ phase, label }) => [phase, label])).toEqual([
    ['stubborn', 'unknown'],
    ['stubborn', 'malicious'],
    ['stubborn', 'unknown'],
    ['late', 'benign'],
  ]);
  expect(labels[3].t_mono_ns).toBeGreaterThan(3.5e9);
  const reasons = readJson(join(folder, 'done.marker')).reasons.join();
  expect(reasons).toContain('phases never reached: skipped');
  expect(reasons).toContain('phase "late" began');
});

test('a phase never outlives its episode', async () => {
  const { folder } = await record({
    phases: [
      {
        name: 'stubborn',
        label: 'malicious',
        duration: '3s',
        run: ['sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done'],
      },
    ],
  });
  expect(readJson(join(folder, 'meta.json')).phases[0].end_ns).toBe(3e9);
});

test('a script whose interpreter is missing does not start, and is no confirmed label', async () => {
  const script = join(temporaryFolder(), 'script');
  writeFileSync(script, '#!/nonexistent\n', { mode: 0o755 });
  const { code, labels } = await record({
    phases: [
      { name: 'a', label: 'benign', duration: '1s' },
      { name: 'b', label: 'malicious', duration: '1s', run: [script] },
    ],
  });
  expect(code).toBe(3);
  expect(labels.map(({ label }) => label)).toEqual(['benign', 'unknown']);
  const { code: asTarget, stderr } = await cli('episode', 'start', '--output', temporaryFolder(), '--', script);
  expect(asTarget).toBe(4);
  expect(stderr).toContain('is a script for /nonexistent');
});

test('a phase of a month does not freeze the recorder', async () => {
  const output = temporaryFolder();
  const { code } = await cli(
    'episode',
    'start',
    '--phase',
    'a:benign:800h',
    '--phase',
    'b:benign:1s',
    '--output',
    output,
    '--',
    'sleep',
    '0.5',
  );
  expect(code).toBe(3);
  expect(readJson(join(onlyEpisode(output), 'done.marker')).end_reason).toBe('target_exited');
});

test('large numbers of a scenario are read back as they were written, and larger ones refused', async () => {
  const phases = [{ name: 'a', label: 'benign', duration: '1s' }];
  const { folder } = await record({ phases, scenario: { id: 'x', pair: Number.MAX_SAFE_INTEGER } });
  expect(readJson(join(folder, 'meta.json')).scenario.pair).toBe(Number.MAX_SAFE_INTEGER);
  const file = join(temporaryFolder(), 'c.json');
  writeFileSync(file, '{"target":{"type":"machine"},"scenario":{"pair":12345678901234567890}}');
  expect((await cli('config', 'validate', '--config', file)).stderr).toContain('scenario.pair is');
});
