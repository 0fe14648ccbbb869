/** What the script of a report's page gets: shapes alone, for both sides. Times in seconds since the origin. */
export interface PageData {
  readonly endS: number;
  /** Milliseconds since the Unix epoch at the origin; null where there was none. */
  readonly originMs: number | null;
  readonly phases: readonly PagePhase[];
  readonly events: readonly PageEvent[];
  readonly axes: readonly PageAxis[];
  /** By the number that a chart's element bears as `data-chart`. */
  readonly charts: readonly PageChart[];
}

export interface PagePhase {
  readonly from: number;
  readonly to: number;
  readonly phase: string;
  readonly label: string;
  /** Class of its colour: `benign`, `malicious`, `unknown`, `unlabelled`, `class-0` and so on. */
  readonly tone: string;
}

interface PageEvent {
  readonly at: number;
  readonly text: string;
}

export interface PageAxis {
  /** Doubles, little-endian, in base 64. */
  readonly seconds: string;
  /** Null where each sample is drawn. */
  readonly bucketS: number | null;
  /** From and to of each, one behind the other. */
  readonly gaps: readonly number[];
}

export interface PageChart {
  readonly axis: number;
  readonly unit: string;
  readonly lines: readonly PageLine[];
}

export interface PageLine {
  readonly label: string;
  /**
   * Floats, little-endian, in base 64: NaN breaks the line, infinity is no point of it. A number is the value at every
   * point.
   */
  readonly values: string | number;
}
