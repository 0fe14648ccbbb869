/** Long enough for the slowest machine: who waits for so long waits for ever. */
const LIMIT_MS = 10_000;

/** Fails if `work` is not done in time. */
export async function within<T>(what: string, work: T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end within ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until the condition holds, or the time is over. Returns whether it holds. */
export async function comesTrue(condition: () => boolean, limitMs = LIMIT_MS): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}
