import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../bin/run.js', import.meta.url));
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs the program with what it says to a person on our own stderr, and resolves to `{code, document}`: what it printed
 * with --json, undefined if nothing. A signal is for the program: it finishes what it records, and we tell its exit code.
 */
export async function runCli(...args) {
  // in a session of its own: of a Ctrl-C it would get the terminal's and ours, and a second one ends it at once
  const child = spawn(process.execPath, [BIN, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const pass = (signal) => child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, pass);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  for (const signal of SIGNALS) process.off(signal, pass);
  return { code: code ?? 1, document: text === '' ? undefined : JSON.parse(text) };
}
