import { readFileSync } from 'node:fs';

const PERIOD_MS = 50;
const MB = 1e6;

/**
 * Watches the resident memory of a child until it ends: `{residentMb, peakMb}`, the highest that was seen, and what the
 * kernel has as the highest. Not from getrusage: its maximum begins with the memory of the process that forked.
 */
export function watchMemory(child) {
  const seen = { residentMb: 0, peakMb: 0 };
  const look = () => {
    const status = statusOf(child.pid);
    const read = (key) => (Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024) / MB;
    seen.residentMb = Math.max(seen.residentMb, read('VmRSS'));
    seen.peakMb = Math.max(seen.peakMb, read('VmHWM'));
  };
  const timer = setInterval(look, PERIOD_MS);
  child.once('close', () => clearInterval(timer));
  // its last lines come when all work is done: a look at the end that the period alone would miss
  child.stderr.on('data', look);
  child.stdout.on('data', look);
  return seen;
}

function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return ''; // it has ended
  }
}
