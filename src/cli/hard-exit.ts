import { spawn } from 'node:child_process';

/** Node has it; the types of Node alone don't. */
declare const WebAssembly: { readonly Memory: new (limits: { initial: number }) => object };

/** On a busy machine an exit that does not hang may take more than one second: killed then, it would tell a wrong code. */
const LAST_RESORT_S = 3;

/**
 * Ends the process although one of its threads is blocked in a system call: `process.exit` would wait for that thread
 * for ever. WASI's proc_exit calls exit(3) directly, so that the exit code is the right one; should even that hang, a
 * SIGKILL follows.
 */
export async function hardExit(exitCode: number): Promise<never> {
  process.removeAllListeners('warning'); // WASI announces itself as experimental
  process.on('warning', () => {});
  // "cat" ends with this process, which holds the other end of its input: nobody else is killed by its pid
  const lastResort = `timeout ${LAST_RESORT_S} cat; [ $? = 124 ] && kill -9 ${process.pid}`;
  spawn('/bin/sh', ['-c', lastResort], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] }).unref();
  const { WASI } = await import('node:wasi');
  const wasi = new WASI({ version: 'preview1', returnOnExit: false });
  wasi.initialize({ exports: { memory: new WebAssembly.Memory({ initial: 1 }) } });
  const { proc_exit } = wasi.wasiImport as { proc_exit(code: number): never };
  return proc_exit(exitCode);
}
