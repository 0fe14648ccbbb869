import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { compileRowEncoder } from '../../../src/core/rows/row-encoder.js';
import type { CollectorContext, Fields, OptionsSchema, RowOf, SyncPolledCollector } from '../../../src/index.js';
import { temporaryFolder } from './temporary-folder.js';

const FACTS = { pageSizeBytes: 4096, clockTicksPerSecond: 100, cpus: 2 };

/**
 * The rows that a polled collector makes of a captured machine, one per frame; each passes the encoder. Files are
 * overwritten in place, so that kept descriptors see the next frame.
 */
export function replayCase<F extends Fields, O extends OptionsSchema>(
  collector: SyncPolledCollector<F, O>,
  name: string,
): (RowOf<F> | null)[] {
  const folder = join(
    import.meta.dirname,
    '../../../src/plugins',
    collector.name.replaceAll('_', '-'),
    'fixtures',
    name,
  );
  const root = temporaryFolder();
  const numbered = readdirSync(folder).filter((entry) => /^\d+$/.test(entry));
  const frames = numbered.length === 0 ? [folder] : numbered.map((frame) => join(folder, frame));
  const { target = { pid: 4242 }, options = {} } = settingsOf(join(folder, 'case.json'));
  const show = (frame: string) => {
    for (const path of filesBelow(root)) if (!existsSync(join(frame, path))) remove(root, path);
    for (const path of filesBelow(frame)) write(join(root, path), readFileSync(join(frame, path)));
  };
  show(frames[0]!);
  const context = {
    options: { io: true, ...options },
    target: { type: 'pid', startTimeTicks: null, ...target },
    roots: { proc: join(root, 'proc'), sys: join(root, 'sys') },
  } as unknown as CollectorContext<never>;
  const sampler = collector.create(context.options, context);
  const encode = compileRowEncoder({
    fields: collector.fields,
    envelope: 'tick',
    source: collector.name,
    availableInDeployment: false,
  });
  onTestFinished(() => void sampler.stop?.());
  void sampler.start?.();
  return frames.map((frame, index) => {
    show(frame);
    const row = sampler.sample({ index, facts: FACTS }) as RowOf<F> | null;
    if (row !== null) encode(row, 0, 1n, index, 0);
    return row;
  });
}

const settingsOf = (path: string) =>
  existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as { target?: { pid: number }; options?: Record<string, unknown> })
    : {};

const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

function write(place: string, content: Uint8Array): void {
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
}

function remove(root: string, path: string): void {
  rmSync(join(root, path), { recursive: true });
  const folder = dirname(path);
  if (folder !== '.' && readdirSync(join(root, folder)).length === 0) remove(root, folder);
}
