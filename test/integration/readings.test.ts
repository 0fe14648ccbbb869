import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onlyEpisode, readRows, startCli, temporaryFolder } from '../support/cli.js';
import { TOLERANT_FLAGS } from '../support/tolerant.js';

const pageSize = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));

/** The same process by another reader: the kernel's own files, parsed by awk. */
function secondReader(pid: number): Record<string, number> {
  const awk = `{ sub(/^.*\\) /, ""); print "minor_faults", $8; print "major_faults", $10; print "cpu_user_jiffies", $12; print "cpu_sys_jiffies", $13; print "vsize_bytes", $21; print "rss_pages", $22 }`;
  const text = execFileSync('awk', [awk, `/proc/${pid}/stat`], { encoding: 'utf8' });
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => [line.split(' ')[0]!, Number(line.split(' ')[1])]),
  );
}

test('rows and a second reader of the same process agree', async () => {
  const output = temporaryFolder();
  const before = secondReader(process.pid);
  const { outcome } = startCli([
    'episode',
    'start',
    ...TOLERANT_FLAGS,
    '--target-pid',
    String(process.pid),
    '--duration',
    '1s',
    '--collector',
    'host_proc',
    '--output',
    output,
  ]);
  expect((await outcome).code).toBe(0);
  const after = secondReader(process.pid);
  const rows = readRows(join(onlyEpisode(output), 'telemetry/host_proc.jsonl'));
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    for (const counter of ['minor_faults', 'major_faults', 'cpu_user_jiffies', 'cpu_sys_jiffies']) {
      expect(row[counter]).toBeGreaterThanOrEqual(before[counter]!);
      expect(row[counter]).toBeLessThanOrEqual(after[counter]!);
    }
    expect(row.rss_bytes % pageSize).toBe(0);
    expect(row.rss_bytes / pageSize).toBeGreaterThan(before.rss_pages! / 2);
    expect(row.rss_bytes / pageSize).toBeLessThan(after.rss_pages! * 2);
  }
});

test('a stopped process reads the same to the last digit', async () => {
  const child = spawn('sh', ['-c', 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; kill -STOP $$'], {
    stdio: 'ignore',
  });
  while (!/^State:\tT/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8')))
    await new Promise((resolve) => setTimeout(resolve, 5));
  const output = temporaryFolder();
  const { outcome } = startCli([
    'episode',
    'start',
    '--target-pid',
    String(child.pid),
    '--duration',
    '1s',
    '--collector',
    'host_proc',
    '--output',
    output,
  ]);
  await outcome;
  const reader = secondReader(child.pid!);
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const io = readFileSync(`/proc/${child.pid}/io`, 'utf8');
  const number = (text: string, label: string) => Number(new RegExp(`^${label}:\\s+(\\d+)`, 'm').exec(text)![1]);
  const rows = readRows(join(onlyEpisode(output), 'telemetry/host_proc.jsonl'));
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    const { rss_pages, ...same } = reader;
    expect(row).toMatchObject({
      ...same,
      rss_bytes: rss_pages! * pageSize,
      io_read_bytes: number(io, 'read_bytes'),
      io_write_bytes: number(io, 'write_bytes'),
      voluntary_ctxsw: number(status, 'voluntary_ctxt_switches'),
      involuntary_ctxsw: number(status, 'nonvoluntary_ctxt_switches'),
    });
  }
  child.kill('SIGKILL');
});
