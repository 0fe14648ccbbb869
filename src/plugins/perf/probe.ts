import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { CollectorContext, ProbeResult } from '../../index.js';
import { missingCapabilities } from '../../procfs.js';
import { intervalProblem } from '../../program.js';
import { HARDWARE, SOFTWARE } from './events.js';
import { parsePerfLine } from './parser.js';
import { ENVIRONMENT, type PerfOptions } from './perf-collector.js';

/** A machine that is busy takes seconds; the host gives a probe ten. */
const TRIAL_MS = 8_000;
/** perf-stat(1), -I. */
const LEAST_MS = 10;
/** What the lines lack where perf is not told to print intervals. */
const NO_TIME = '0.000000000';
/** Above it the kernel lets a process without privileges count in user mode only (Documentation/admin-guide/sysctl/kernel.rst). */
const MAX_PARANOIA = 1;

/** Can perf, which the host has looked for, count here, and what? */
export function probePerf(context: CollectorContext<PerfOptions>): ProbeResult {
  const { options, roots } = context;
  const paranoia = readOrNull(`${roots.proc}/sys/kernel/perf_event_paranoid`);
  if (paranoia === null)
    return unavailable('this kernel has no performance events', 'a kernel with CONFIG_PERF_EVENTS');
  if (Number(paranoia) > MAX_PARANOIA && !isPrivileged(roots.proc))
    return unavailable(
      `kernel.perf_event_paranoid is ${paranoia.trim()}, and CAP_PERFMON is missing`,
      `sysctl kernel.perf_event_paranoid=${MAX_PARANOIA}, or run cis490 with CAP_PERFMON or as root`,
    );
  return intervalProblem('perf', LEAST_MS, context) ?? tryPerf(options);
}

/** Counts a program that ends at once. */
function tryPerf({ hardware }: PerfOptions): ProbeResult {
  const events = [SOFTWARE.task_clock_ns, ...(hardware ? Object.values(HARDWARE) : [])];
  const argv = ['stat', '-x', ',', '--log-fd', '1', '-e', events.join(','), 'true'];
  const env = { ...process.env, ...ENVIRONMENT };
  const {
    error,
    stdout = '',
    stderr = '',
  } = spawnSync('perf', argv, {
    env,
    cwd: '/',
    encoding: 'utf8',
    timeout: TRIAL_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = stdout.split('\n').flatMap((line) => parsePerfLine(`${NO_TIME},${line}`) ?? []);
  if (!lines.some(({ event, isSupported }) => event === SOFTWARE.task_clock_ns && isSupported))
    return unavailable(
      `perf can not count here: ${error?.message ?? (stderr.trim().slice(-500) || 'it told nothing')}`,
      'the linux-perf package of this kernel, and rights to call perf_event_open(2)',
    );
  const missing = Object.values(HARDWARE).filter((event) => !lines.some((l) => l.event === event && l.isSupported));
  if (!hardware || missing.length === 0) return { status: 'ok' };
  return {
    status: 'partial',
    reason: `no hardware counter for ${missing.join(', ')}: null in every row`,
    remedy: 'record on bare metal, pass the PMU through to this virtual machine, or set "hardware": false',
  };
}

function isPrivileged(procRoot: string): boolean {
  const status = readOrNull(`${procRoot}/self/status`) ?? '';
  return ['CAP_PERFMON', 'CAP_SYS_ADMIN'].some((name) => missingCapabilities(status, [name]).length === 0);
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

const unavailable = (reason: string, remedy: string): ProbeResult => ({ status: 'unavailable', reason, remedy });
