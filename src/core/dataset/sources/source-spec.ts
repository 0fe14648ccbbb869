import { CisError } from '../../errors/cis-error.js';
import type { EpisodeInput, SourceInput } from '../select/episode-input.js';
import { type RowSpec, rowSpec } from './row-spec.js';

/** One source as all episodes of a data set have it. */
export interface SourceSpec {
  readonly source: string;
  readonly plugin: string;
  readonly pluginVersions: readonly string[];
  readonly rowVersion: number;
  readonly isDeployable: boolean;
  readonly vantages: readonly string[];
  /** The longest of the episodes'; null for a stream. */
  readonly intervalNs: number | null;
  readonly row: RowSpec;
}

/**
 * What `source` is in these episodes, of which each has it. Throws DATASET_SOURCES_DIFFER where two of them have rows that
 * do not belong into one table.
 */
export function sourceSpec(source: string, episodes: readonly EpisodeInput[]): SourceSpec {
  const inputs = episodes.map((episode) => ({ episode, input: inputOf(episode, source)! }));
  const first = inputs[0]!;
  for (const other of inputs) requireAlike(source, first, other);
  const intervals = inputs.map(({ input }) => input.intervalNs).filter((interval) => interval !== null);
  const { plugin, rowVersion, isDeployable, rowSchema } = first.input;
  return {
    source,
    plugin,
    pluginVersions: distinct(inputs.map(({ input }) => input.pluginVersion)),
    rowVersion,
    isDeployable,
    vantages: distinct(inputs.map(({ input }) => input.vantage)),
    intervalNs: intervals.length === 0 ? null : Math.max(...intervals),
    row: rowSpec(rowSchema),
  };
}

export const inputOf = ({ sources }: EpisodeInput, source: string): SourceInput | undefined =>
  sources.find((each) => each.source === source);

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();

interface Placed {
  readonly episode: EpisodeInput;
  readonly input: SourceInput;
}

function requireAlike(source: string, a: Placed, b: Placed): void {
  const tell = (what: string, of: (input: SourceInput) => string): never => {
    throw new CisError(
      'DATASET_SOURCES_DIFFER',
      `${source} ${what}: ${of(a.input)} in ${a.episode.id}, ${of(b.input)} in ${b.episode.id}`,
    );
  };
  if (a.input.plugin !== b.input.plugin) tell('is not the same collector in all episodes', ({ plugin }) => plugin);
  if (a.input.rowVersion !== b.input.rowVersion)
    tell('has rows of two versions', ({ rowVersion }) => `version ${rowVersion}`);
  if (a.input.isDeployable !== b.input.isDeployable)
    tell(
      'is not available in deployment in all episodes',
      ({ isDeployable, vantage }) => `${isDeployable ? 'available' : 'an oracle'} (vantage ${vantage})`,
    );
  const columns = ({ rowSchema }: SourceInput) => JSON.stringify(rowSchema.properties, withoutBigints);
  if (columns(a.input) !== columns(b.input))
    tell('has other columns', ({ rowSchema }) => `${Object.keys(rowSchema.properties ?? {}).length} columns`);
}

const withoutBigints = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
