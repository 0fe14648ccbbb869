import { strict as assert } from 'node:assert';
import { errorMessage } from '../../core/errors/describe-error.js';
import { Leftovers } from '../leftovers.js';
import { onEmptyMachine, onSomeMachine, type TestMachine } from '../machines.js';
import type { Check, Subject } from '../subject.js';
import { completeOptions, probeOn, Trial, type TrialMachine } from '../trial.js';
import { comesTrue, within } from '../within.js';

const TICKS = 3;

/** From `create` to `stop`, in every order that the host may choose. */
export function lifecycleChecks(subject: Subject): Check[] {
  const { collector } = subject;
  const isAsync = collector.kind === 'stream' || (collector.kind === 'polled' && collector.async === true);
  return [
    ['its probe says "unavailable" on an empty machine, without throwing', () => probesEmptyMachine(subject)],
    ['stop is safe without start, and twice', () => stopsWithoutStart(subject)],
    ['two full cycles on fresh instances give valid rows', () => cyclesTwice(subject)],
    ['it leaves nothing open', () => leavesNothing(subject)],
    ...(isAsync ? [['it honours an abort', () => honoursAbort(subject)] as const] : []),
  ];
}

async function probesEmptyMachine(subject: Subject): Promise<void> {
  const { collector } = subject;
  await onEmptyMachine(subject, async (machine) => {
    const { status, reason } = await probeOn(collector, machine);
    if (status !== 'unavailable') return givesRowsAllTheSame(subject, machine);
    assert.ok(reason?.trim(), 'its probe gives no reason');
    const trial = await Trial.create(collector, machine).catch(() => null);
    if (trial === null) return; // create needs the machine: the host reports what it throws
    try {
      if (trial.collector.kind !== 'files') await trial.collector.probe?.(trial.context);
    } catch (error) {
      assert.fail(`its probe throws: ${errorMessage(error)}`);
    } finally {
      trial.close();
    }
  });
}

/** Its source may be none of those: then it has to work. */
async function givesRowsAllTheSame({ collector }: Subject, machine: TrialMachine): Promise<void> {
  const trial = await Trial.create(collector, machine);
  const says = 'its probe says it can run on a machine with empty /proc, /sys and PATH';
  try {
    await runCycle(trial, { machine, fixture: null, show() {} });
  } catch (error) {
    assert.fail(`${says}, but: ${errorMessage(error)}`);
  } finally {
    trial.close();
  }
  assert.ok(trial.rows.length > 0 || trial.isAlive, `${says}, but it gives no row there: it must say "unavailable"`);
}

async function stopsWithoutStart(subject: Subject): Promise<void> {
  await withTrial(subject, async (trial) => {
    await trial.stop();
    await trial.stop();
  });
}

async function cyclesTwice(subject: Subject): Promise<void> {
  for (let cycle = 0; cycle < 2; cycle++) await withTrial(subject, runCycle);
}

async function leavesNothing(subject: Subject): Promise<void> {
  await completeOptions(subject.collector, {}).catch(() => {}); // loads the schema compiler, which keeps what it opens
  await withTrial(subject, runCycle);
  const leftovers = new Leftovers();
  await leftovers.watch(() => withTrial(subject, runCycle));
  assert.deepEqual(await leftovers.settle(), [], 'after stop, this is still open');
}

async function honoursAbort(subject: Subject): Promise<void> {
  await withTrial(subject, async (trial, { show }) => {
    await trial.start();
    show(0);
    const sample = trial.collector.kind === 'stream' ? undefined : Promise.resolve(trial.begin(0)).catch(() => {});
    trial.abort();
    await within('a sample that was aborted', sample);
    await trial.stop();
    const before = trial.rows.length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(trial.rows.length, before, 'rows come after stop');
  });
}

async function withTrial(subject: Subject, work: (trial: Trial, place: TestMachine) => Promise<void>): Promise<void> {
  await onSomeMachine(subject, async (place) => {
    const trial = await Trial.create(subject.collector, place.machine);
    try {
      await work(trial, place);
    } finally {
      trial.close();
    }
  });
}

/** Start, some ticks, stop; a stream that is not sparse has to say something. */
async function runCycle(trial: Trial, { show, fixture }: TestMachine): Promise<void> {
  try {
    await trial.start();
    // what is said before the origin is lost; a captured program says all at once
    const early = fixture === null ? trial.rows.length : 0;
    if (trial.collector.kind === 'stream' && trial.collector.sparse === true)
      assert.ok(await comesTrue(() => trial.isAlive), 'neither a row nor alive() came within 10 s');
    else if (trial.collector.kind === 'stream')
      assert.ok(await comesTrue(() => trial.rows.length > early), 'no row came within 10 s of the start');
    else {
      for (let tick = 0; tick < TICKS; tick++) {
        show(tick);
        await trial.sample(tick);
      }
    }
  } finally {
    await trial.stop();
    await trial.stop();
  }
  trial.requireValidRows();
}
