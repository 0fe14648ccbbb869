import { setTimeout as delay } from 'node:timers/promises';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export interface RetryOptions {
  /** Further attempts behind the first. */
  readonly retries: number;
  /** Ends a pause. An attempt is waited for: it has the signal itself, and may have something to put in order. */
  readonly signal: AbortSignal;
  isPassing(error: unknown): boolean;
  onRetry(error: unknown): void;
}

/** Tries again, with growing pauses, what fails for a reason that may pass. Throws the last error, or that of the signal. */
export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { retries, signal, isPassing, onRetry } = options;
  for (let failed = 0; ; failed++) {
    try {
      return await attempt();
    } catch (error) {
      if (failed >= retries || signal.aborted || !isPassing(error)) throw error;
      onRetry(error);
      // several that failed together do not come back together
      const pause = FIRST_PAUSE_MS * 2 ** failed * (1 + Math.random());
      await delay(Math.min(LONGEST_PAUSE_MS, pause), undefined, { signal });
    }
  }
}
