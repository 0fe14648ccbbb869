import type { PluginOptions } from '../core/collection/protocol.js';
import type { AnyCollector } from '../core/contract/collector.js';
import type { FixtureCase } from './fixture-case.js';

/** A check's name, and what to do; it throws if the contract is broken. */
export type Check = readonly [name: string, run: () => void | Promise<void>];

/** A collector under test, and what belongs to it. */
export interface Subject {
  readonly collector: AnyCollector;
  /** Options with which it can be tried; defaults are filled in later. */
  readonly options: PluginOptions;
  readonly packageDir: string;
  readonly readme: string;
  /** The published JSON Schema of its rows. */
  readonly schemaFile: string;
  readonly cases: readonly FixtureCase[];
  /** Whether expected rows, README table and schema are to be written instead of compared. */
  readonly isUpdate: boolean;
}
