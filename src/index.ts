/** The public contract: what a plugin may import. Types first, no side effects, nothing heavy. */
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
export { counterSince, level } from './core/contract/field-makers.js';
export type { ArrayField, CounterReset, Field, FieldKind, Fields, RowOf, ScalarField } from './core/contract/fields.js';
export type { OptionSchema, OptionsOf, OptionsSchema } from './core/contract/options.js';
export { NO_OPTIONS } from './core/contract/options.js';
export { integerAfter, integerAt, plusExactly, readInteger, timesExactly } from './core/contract/read-integer.js';
