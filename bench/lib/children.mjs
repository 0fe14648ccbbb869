import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Reading a bundle of certificates costs Node 20 35 ms at its start, and nothing here speaks TLS. */
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;
export const CHILD_ENV = environment;

const STDERR_KEPT = 2_000;
const running = new Set();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])
  process.on(signal, () => process.exit(code));

/** Starts a program that ends at the latest with the benchmark. */
export function start(program, args, stdio = ['ignore', 'pipe', 'pipe'], env = {}) {
  const child = spawn(program, args, { env: { ...CHILD_ENV, ...env }, stdio });
  running.add(child);
  child.on('exit', () => running.delete(child));
  return child;
}

/** Runs a program to its end and resolves to what it printed. Rejects with its stderr if its exit code is not in `accept`. `env` is added to the environment. */
export async function run(program, args, { accept = [0], onStart = () => {}, env } = {}) {
  const child = start(program, args, undefined, env);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr = (stderr + chunk).slice(-STDERR_KEPT)));
  onStart(child);
  const [code, signal] = await once(child, 'close');
  if (accept.includes(code)) return stdout;
  throw new Error(`${program} ${args.join(' ')} ended with ${signal ?? code}: ${stderr || stdout.slice(-STDERR_KEPT)}`);
}

/** A process that does nothing, to be observed. */
export function startTarget() {
  return start('sleep', ['3600'], 'ignore').pid;
}
