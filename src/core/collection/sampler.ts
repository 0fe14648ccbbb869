import type {
  AnyCollector,
  FileReading,
  FileSpec,
  FilesCollector,
  StreamContext,
  Tick,
} from '../contract/collector.js';
import type { Fields } from '../contract/fields.js';
import type { OptionsSchema } from '../contract/options.js';
import { errorCode } from '../errors/describe-error.js';
import type { FrameReader } from './frame-reader.js';
import { LocalFrameReader } from './local-frame-reader.js';
import type { PluginOptions } from './protocol.js';

/** A collector in motion, whatever its kind. A stream has no `sample`. */
export interface Sampler {
  start?(): unknown;
  sample?(tick: Tick): unknown;
  stop?(): unknown;
}

type AnyFiles = FilesCollector<Fields, OptionsSchema, string>;

/** Makes the sampler of any kind of collector. Throws what the plugin's `create` or `files` throws. */
export function createSampler(
  collector: AnyCollector,
  context: StreamContext<Fields, PluginOptions>,
  onUnreadable: (path: string, code: string) => void,
): Sampler {
  if (collector.kind !== 'files') return collector.create(context.options, context) as Sampler;
  const { roots, target } = context;
  const { specs, located } = filesOf(collector, context);
  return filesSampler(collector as AnyFiles, located, new LocalFrameReader({ specs, roots, target, onUnreadable }));
}

interface LocatedFiles {
  readonly specs: Readonly<Record<string, FileSpec>>;
  /** Those that told where the others are. */
  readonly located: Readonly<Record<string, FileReading>>;
}

/** The files that a collector of that kind reads; those that tell where they are have been read then. Throws what it throws. */
export function filesOf(
  collector: Extract<AnyCollector, { kind: 'files' }>,
  { options, target, roots }: Pick<StreamContext<Fields, PluginOptions>, 'options' | 'target' | 'roots'>,
): LocatedFiles {
  const specs = collector.locate?.(options, target) ?? {};
  const reader = new LocalFrameReader({ specs, roots, target, onUnreadable() {} });
  try {
    reader.open();
    reader.read();
    return { specs: collector.files(options, target, reader.files), located: reader.files };
  } finally {
    reader.close();
  }
}

/** A `files` collector, read by the host. A process that is gone (ESRCH) means: nothing this tick. */
function filesSampler(collector: AnyFiles, located: LocatedFiles['located'], reader: FrameReader): Sampler {
  const { files } = reader;
  return {
    start: () => reader.open(),
    sample: (tick) => {
      try {
        const reading = reader.read();
        if (reading !== undefined) return reading.then(() => collector.parse(files, tick, located), nullIfGone);
      } catch (error) {
        return nullIfGone(error);
      }
      return collector.parse(files, tick, located);
    },
    stop: () => reader.close(),
  };
}

function nullIfGone(error: unknown): null {
  if (errorCode(error) === 'ESRCH') return null;
  throw error;
}

/** Whether the schedule has to wait for its samples in the event loop. */
export function isAsync(collector: AnyCollector): boolean {
  return collector.kind === 'polled' && collector.async === true;
}
