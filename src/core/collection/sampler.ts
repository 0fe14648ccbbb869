import type {
  AnyCollector,
  FileReading,
  FileSpec,
  FilesCollector,
  StreamContext,
  Tick,
  Vantage,
} from '../contract/collector.js';
import type { Fields } from '../contract/fields.js';
import type { OptionsSchema } from '../contract/options.js';
import { errorCode } from '../errors/describe-error.js';
import type { FrameReader, SampleStamp } from './frame-reader.js';
import { GuestFrameReader, type GuestPort } from './guest-frame-reader.js';
import { LocalFrameReader } from './local-frame-reader.js';
import type { PluginOptions } from './protocol.js';

/** A collector in motion, whatever its kind. A stream has no `sample`. */
export interface Sampler {
  start?(): unknown;
  sample?(tick: Tick): unknown;
  stop?(): unknown;
  /** When the last sample was read, if its reader knows better than the schedule. */
  takeStamp?(): SampleStamp | undefined;
}

type AnyFiles = FilesCollector<Fields, OptionsSchema, string>;
type FilesContext = Pick<StreamContext<Fields, PluginOptions>, 'options' | 'target' | 'roots'>;

/** Makes the sampler of any kind of collector. Throws what the plugin's `create` or `files` throws. */
export function createSampler(
  collector: AnyCollector,
  context: StreamContext<Fields, PluginOptions>,
  onUnreadable: (path: string, code: string) => void,
): Sampler {
  if (collector.kind !== 'files') return collector.create(context.options, context) as Sampler;
  const { roots, target } = context;
  const { specs, located } = filesOf(collector, context);
  return filesSampler(collector, located, new LocalFrameReader({ specs, roots, target, onUnreadable }));
}

/** Makes the sampler of a `files` collector that looks into the guest. Throws what the plugin's `files` throws, and AGENT_* errors. */
export async function createGuestSampler(
  collector: AnyFiles,
  context: FilesContext & { readonly guest: GuestPort },
  onUnreadable: (path: string, code: string) => void,
): Promise<Sampler> {
  const { specs, located } = await guestFilesOf(collector, context);
  return filesSampler(collector, located, new GuestFrameReader({ specs, port: context.guest, onUnreadable }));
}

export interface LocatedFiles {
  readonly specs: Readonly<Record<string, FileSpec>>;
  /** Those that told where the others are. */
  readonly located: Readonly<Record<string, FileReading>>;
}

/** The files that a collector of that kind reads; those that tell where they are have been read then. Throws what it throws. */
export function filesOf(collector: AnyFiles, { options, target, roots }: FilesContext): LocatedFiles {
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

/** The same in the guest. */
export async function guestFilesOf(
  collector: AnyFiles,
  { options, target, guest }: FilesContext & { readonly guest: GuestPort },
): Promise<LocatedFiles> {
  const specs = collector.locate?.(options, target) ?? {};
  const reader = new GuestFrameReader({ specs, port: guest, onUnreadable() {} });
  try {
    await reader.open();
    await reader.read();
    return { specs: collector.files(options, target, reader.files), located: reader.files };
  } finally {
    reader.close();
  }
}

/** A `files` collector, read by the host. A process that is gone (ESRCH) means: nothing this tick. */
function filesSampler(collector: AnyFiles, located: LocatedFiles['located'], reader: FrameReader): Sampler {
  const { files } = reader;
  let stamp: SampleStamp | undefined;
  const parseStamped = (tick: Tick) => (at: SampleStamp | undefined) => {
    stamp = at;
    return collector.parse(files, tick, located);
  };
  return {
    start: () => reader.open(),
    sample: (tick) => {
      try {
        const reading = reader.read();
        if (reading !== undefined) return reading.then(parseStamped(tick), nullIfGone);
      } catch (error) {
        return nullIfGone(error);
      }
      return collector.parse(files, tick, located);
    },
    stop: () => reader.close(),
    takeStamp: () => {
      const taken = stamp;
      stamp = undefined;
      return taken;
    },
  };
}

function nullIfGone(error: unknown): null {
  if (errorCode(error) === 'ESRCH') return null;
  throw error;
}

/** Whether the schedule has to wait for its samples in the event loop. */
export function isAsync(collector: AnyCollector, vantage: Vantage): boolean {
  return vantage === 'guest' || (collector.kind === 'polled' && collector.async === true);
}
