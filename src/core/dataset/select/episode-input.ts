import type { Meta } from '../../episode/meta.js';
import type { JsonSchema } from '../../rows/row-schema.js';
import type { LabelInterval } from './closed-intervals.js';

/** One collector's rows in one episode. */
export interface SourceInput {
  readonly source: string;
  readonly plugin: string;
  readonly pluginVersion: string;
  readonly rowVersion: number;
  readonly rowSchema: JsonSchema;
  readonly vantage: string;
  readonly isDeployable: boolean;
  /** Null for a stream. */
  readonly intervalNs: number | null;
  readonly rows: number;
  readonly path: string;
  /** Of the vantage, for what is normalised. */
  readonly cpus: number;
  readonly clockTicksPerSecond: number;
}

/** A finished episode whose files are what its marker says. */
export interface EpisodeInput {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  readonly meta: Meta;
  readonly markerSha256: string;
  readonly grade: 'ok' | 'degraded' | 'invalid';
  /** The actual end, since the origin. */
  readonly endNs: number;
  readonly intervals: readonly LabelInterval[];
  readonly sources: readonly SourceInput[];
}
