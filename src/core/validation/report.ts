import type { Grade } from '../grade/verdict.js';

/** Enough to see what is wrong; all are counted. */
const MAX_LISTED_PER_FILE = 100;

export interface Violation {
  /** From the episode's folder. */
  readonly file: string;
  /** From 1; null for the file as a whole. */
  readonly line: number | null;
  readonly message: string;
}

/** What `episode validate` found in one episode. */
export class EpisodeReport {
  readonly path: string;
  readonly violations: Violation[] = [];
  violationCount = 0;
  rows = 0;
  grade: Grade | null = null;
  readonly #perFile = new Map<string, number>();

  constructor(path: string) {
    this.path = path;
  }

  get isValid(): boolean {
    return this.violationCount === 0;
  }

  add(file: string, message: string, line: number | null = null): void {
    this.violationCount++;
    const listed = this.#perFile.get(file) ?? 0;
    if (listed >= MAX_LISTED_PER_FILE) return;
    this.#perFile.set(file, listed + 1);
    this.violations.push({ file, line, message });
  }
}
