import type {
  AsyncPolledCollector,
  CollectorDefinition,
  FilesCollector,
  StreamCollector,
  SyncPolledCollector,
} from './collector.js';
import type { Fields } from './fields.js';
import type { OptionsSchema } from './options.js';

/** Returns its argument. It exists for its types: a wrong row or an unknown option is a compile error. */
export function defineCollector<const F extends Fields, const O extends OptionsSchema, const P extends string>(
  definition: FilesCollector<F, O, P>,
): FilesCollector<F, O, P>;
export function defineCollector<const F extends Fields, const O extends OptionsSchema>(
  definition: SyncPolledCollector<F, O>,
): SyncPolledCollector<F, O>;
export function defineCollector<const F extends Fields, const O extends OptionsSchema>(
  definition: AsyncPolledCollector<F, O>,
): AsyncPolledCollector<F, O>;
export function defineCollector<const F extends Fields, const O extends OptionsSchema>(
  definition: StreamCollector<F, O>,
): StreamCollector<F, O>;
// the last one is what an error is told of: by `kind` it finds the right one of the four
export function defineCollector<const F extends Fields, const O extends OptionsSchema, const P extends string>(
  definition: CollectorDefinition<F, O, P>,
): CollectorDefinition<F, O, P>;
export function defineCollector(definition: unknown): unknown {
  return definition;
}
