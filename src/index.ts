/** The public contract: what a plugin, or a reader of episodes, may import. Types first, no side effects, nothing heavy. */
import type { OpenEpisodeOptions, RecordedEpisode } from './core/reading/recorded-episode.js';

export type {
  AnyCollector,
  AsyncPolledCollector,
  AsyncPolledSampler,
  Availability,
  CollectorContext,
  CollectorDefinition,
  CollectorLogger,
  Configuration,
  EmitTime,
  FileReading,
  FileSpec,
  FilesCollector,
  PolledSampler,
  ProbeResult,
  Requirements,
  StreamCollector,
  StreamContext,
  SyncPolledCollector,
  TargetView,
  Tick,
  Vantage,
  VantageFacts,
} from './core/contract/collector.js';
export { API_VERSION } from './core/contract/collector.js';
export { defineCollector } from './core/contract/define-collector.js';
export type {
  Call,
  Destination,
  DestinationDefinition,
  EpisodeFile,
  OpenDestination,
  OutgoingEpisode,
  Place,
  Transfer,
  TroubleKind,
} from './core/contract/destination.js';
export { DestinationError, defineDestination } from './core/contract/destination.js';
export { counterSince, level } from './core/contract/field-makers.js';
export type { ArrayField, CounterReset, Field, FieldKind, Fields, RowOf, ScalarField } from './core/contract/fields.js';
export type { OptionSchema, OptionsOf, OptionsSchema } from './core/contract/options.js';
export { NO_OPTIONS } from './core/contract/options.js';
export { integerAfter, integerAt, plusExactly, readInteger, timesExactly } from './core/contract/read-integer.js';
export type {
  AsRead,
  ErrorCode,
  EventRow,
  Integer,
  LabelInterval,
  LabelRow,
  OpenEpisodeOptions,
  RecordedColumn,
  RecordedEpisode,
  RecordedRow,
  RecordedSource,
  RowEnvelope,
  RowRecord,
  RowTimes,
  Scalar,
} from './core/reading/recorded-episode.js';

/**
 * Opens an episode's folder for reading; docs/reading.md shows how. What reads is loaded when it is called. Rejects with an
 * error that has a `code`: EPISODE_NOT_FOUND, EPISODE_UNFINISHED (unless `allowUnfinished`) or EPISODE_DAMAGED.
 */
export async function openEpisode(folder: string, options?: OpenEpisodeOptions): Promise<RecordedEpisode> {
  const reading = await import('./core/reading/open-episode.js');
  return reading.openEpisode(folder, options);
}
