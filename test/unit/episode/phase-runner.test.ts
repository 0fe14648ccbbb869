import { expect, test } from 'vitest';
import type { PlannedPhase } from '../../../src/core/config/plan.js';
import { EpisodeClock, type Times } from '../../../src/core/episode/episode-clock.js';
import type { EventLog } from '../../../src/core/episode/event-log.js';
import type { LabelLog, LabelRow } from '../../../src/core/episode/label-log.js';
import { PhaseRunner } from '../../../src/core/episode/phase-runner.js';
import { type PhaseAction, type Target, UnendedActionError } from '../../../src/core/targets/target.js';

const PHASE_NS = 20e6;

/** Phases of a `run` each, one behind another: named by it, labelled `malicious`. */
async function labelsOf(startAction: Target['startAction'], ...names: string[]) {
  const rows: (Times & LabelRow)[] = [];
  const originNs = process.hrtime.bigint();
  const runner = new PhaseRunner({
    phases: names.map((name, i) => plannedPhase(name, i * PHASE_NS)),
    clock: new EpisodeClock(
      { monotonicNs: () => process.hrtime.bigint(), wallMs: Date.now },
      { realtimeNs: 0n, monotonicNs: originNs, errorNs: 0 } as EpisodeClock['anchor'],
      originNs,
    ),
    events: { write() {} } as unknown as EventLog,
    labels: { write: (times: Times, row: LabelRow) => void rows.push({ ...times, ...row }) } as unknown as LabelLog,
    episodeId: 'EPISODE',
    target: { startAction },
    cwd: '/',
    artifact: (stem) => stem,
  });
  await runner.run();
  runner.stop();
  await runner.close(BigInt(names.length * PHASE_NS));
  const held = rows.filter(({ why }) => why !== 'the action has yet to start');
  return { labels: held.map(({ phase, label, confirmed }) => [phase, label, confirmed]), rows, runner, originNs };
}

const plannedPhase = (name: string, startNs: number): PlannedPhase => ({
  name,
  label: 'malicious',
  startNs,
  endNs: startNs + 10e9, // however late it begins
  run: [name],
  oneshot: false,
  technique: 'T1496',
  durationRange: null,
  isIdle: false,
});

const action = (isGone: boolean): PhaseAction => ({
  pid: 1,
  exited: new Promise(() => {}),
  droppedBytes: () => 0,
  end: () => Promise.resolve(isGone),
});
/** As one that ends when it is asked to. */
const endable = (): PhaseAction => {
  let setExited!: (exit: { code: number; signal: null }) => void;
  const exited = new Promise<{ code: number; signal: null }>((resolve) => (setExited = resolve));
  return {
    ...action(true),
    exited,
    async end() {
      setExited({ code: 0, signal: null });
      return true;
    },
  };
};

test('behind an action that has ended the next label is confirmed', async () => {
  const { labels, runner } = await labelsOf(async () => endable(), 'one', 'two');
  expect(labels).toEqual([
    ['one', 'malicious', true],
    ['two', 'malicious', true],
  ]);
  expect(runner.leftovers).toEqual([]);
});

test('behind an action that could not be ended no label is known any more', async () => {
  const { labels, rows, runner } = await labelsOf(
    async ({ phase }) => (phase === 'one' ? action(false) : endable()),
    ...['one', 'two', 'three'],
  );
  expect(labels).toEqual([
    ['one', 'malicious', true],
    ['two', 'unknown', null],
    ['three', 'unknown', null],
  ]);
  expect(rows.at(-1)).toMatchObject({ why: 'the action of phase "one" may still run' });
  expect(rows.at(-1)).not.toHaveProperty('technique');
  expect(runner.leftovers).toEqual(['processes of phase "one" could not be ended']);
});

test('nor behind one that was not seen to start, and may start yet', async () => {
  const { labels } = await labelsOf(
    async ({ phase }) => {
      if (phase === 'one') throw new UnendedActionError(new Error('the agent did not answer'));
      return endable();
    },
    ...['one', 'two'],
  );
  expect(labels).toEqual([
    ['one', 'unknown', false],
    ['two', 'unknown', null],
  ]);
});

test('while one that fails to start was waited for, the label before it does not hold', async () => {
  const { rows, originNs } = await labelsOf(
    async ({ phase }) => {
      if (phase === 'one') return endable();
      await new Promise((resolve) => setTimeout(resolve, 300));
      throw new Error('it was not seen to start');
    },
    ...['one', 'two'],
  );
  expect(rows.at(-1)).toMatchObject({ phase: 'two', label: 'unknown' });
  const tookNs = process.hrtime.bigint() - rows.at(-1)!.t_mono_ns - originNs;
  expect(tookNs).toBeGreaterThan(250_000_000n);
});
