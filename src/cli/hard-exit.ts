import { Worker } from 'node:worker_threads';

/** Node has it; the types of Node alone don't. */
declare const WebAssembly: { readonly Memory: new (limits: { initial: number }) => object };

const LAST_RESORT_MS = 1_000;

/**
 * Ends the process although one of its threads is blocked in a system call: `process.exit` would wait for that thread
 * for ever. WASI's proc_exit calls exit(3) directly, so that the exit code is the right one; should even that hang, a
 * SIGKILL follows after a second.
 */
export async function hardExit(exitCode: number): Promise<never> {
  process.removeAllListeners('warning'); // WASI announces itself as experimental
  process.on('warning', () => {});
  new Worker(`Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${LAST_RESORT_MS}); process.kill(${process.pid}, 'SIGKILL');`, { eval: true });
  const { WASI } = await import('node:wasi');
  const wasi = new WASI({ version: 'preview1', returnOnExit: false });
  wasi.initialize({ exports: { memory: new WebAssembly.Memory({ initial: 1 }) } });
  const { proc_exit } = wasi.wasiImport as { proc_exit(code: number): never };
  return proc_exit(exitCode);
}
