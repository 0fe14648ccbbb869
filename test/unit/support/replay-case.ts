import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CollectorContext, Fields, OptionsSchema, RowOf, SyncPolledCollector } from '../../../src/index.js';
import { FIXTURE_FACTS, FixtureMachine, fixtureCases } from '../../../src/testing/fixture-case.js';

const PLUGINS = join(import.meta.dirname, '../../../src/plugins');

/** The rows that a polled collector makes of a captured machine, one per frame, as it returns them. */
export function replayCase<F extends Fields, O extends OptionsSchema>(
  collector: SyncPolledCollector<F, O>,
  name: string,
): (RowOf<F> | null)[] {
  const cases = fixtureCases(join(PLUGINS, collector.name.replaceAll('_', '-'), 'fixtures'));
  const { frames, options: given, target } = cases.find((fixture) => fixture.name === name)!;
  const machine = new FixtureMachine();
  onTestFinished(() => machine.close());
  machine.show(frames[0]!);
  const defaults = Object.entries(collector.options.properties).map(([option, spec]) => [option, spec.default]);
  const options = { ...Object.fromEntries(defaults), ...given };
  const context = { options, target, roots: machine.roots } as unknown as CollectorContext<never>;
  const sampler = collector.create(context.options, context);
  onTestFinished(() => void sampler.stop?.());
  void sampler.start?.();
  return frames.map((frame, index) => {
    machine.show(frame);
    return sampler.sample({ index, facts: FIXTURE_FACTS }) as RowOf<F> | null;
  });
}
