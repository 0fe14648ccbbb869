import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const TRACING = '/sys/kernel/tracing';

/** Mounts tracefs if nobody has; bpftrace needs it. Throws where that can't be. */
export function requireTracefs(): void {
  if (existsSync(`${TRACING}/events`)) return;
  const { stderr } = spawnSync('mount', ['-t', 'tracefs', 'tracefs', TRACING], { encoding: 'utf8' });
  if (!existsSync(`${TRACING}/events`)) throw new Error(`tracefs is not mounted, and can not be: ${stderr}`);
}
