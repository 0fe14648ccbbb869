const NS_PER_MS = 1e6;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** The longest delay of a Node timer: 24.8 days. A longer one would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Blocks this thread until `now` has reached `instantNs`: for the last milliseconds, where a timer would be late. */
export function blockUntil(instantNs: number, now: () => bigint): void {
  for (let left = instantNs - Number(now()); left > 0; left = instantNs - Number(now())) {
    Atomics.wait(sleeper, 0, 0, left / NS_PER_MS);
  }
}
