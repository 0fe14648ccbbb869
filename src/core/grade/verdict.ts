export type Grade = 'ok' | 'degraded' | 'invalid';

/** What became of an episode. */
export interface Verdict {
  readonly grade: Grade;
  /** A sentence for each thing that keeps it from `ok`. */
  readonly reasons: readonly string[];
}
