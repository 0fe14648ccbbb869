import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ledger } from '../../../src/plugins/host-tree/ledger.js';
import { COUNTERS, Member } from '../../../src/plugins/host-tree/member.js';
import { ProcessTree } from '../../../src/plugins/host-tree/process-tree.js';
import { ROOT_PID, SimulatedKernel } from '../support/simulated-kernel.js';

interface Step {
  readonly act: 'run' | 'fork' | 'end' | 'exit' | 'wait' | 'ignore' | 'adopt' | 'tick';
  readonly who: number;
  readonly counter: number;
  readonly amount: number;
}

const step = (...acts: Step['act'][]) =>
  fc.record({
    act: fc.constantFrom(...acts),
    who: fc.nat(11),
    counter: fc.nat(COUNTERS - 1),
    amount: fc.integer({ min: 1, max: 50 }),
  });
const steps = (...acts: Step['act'][]) => fc.array(step(...acts), { minLength: 1, maxLength: 150 });

function chosen(kernel: SimulatedKernel, { who }: Step) {
  const living = kernel.processes.filter(({ isZombie }) => !isZombie);
  return living[who % Math.max(living.length, 1)];
}

function perform(kernel: SimulatedKernel, step: Step): void {
  const { act, counter, amount } = step;
  const process = chosen(kernel, step);
  if (process === undefined) return;
  if (act === 'run') kernel.run(process, counter, amount);
  if (act === 'fork') kernel.fork(process);
  if (act === 'exit' || act === 'end') kernel.exit(process);
  if (act === 'end' && process.parent !== null) kernel.wait(process.parent);
  if (act === 'wait') kernel.wait(process);
  if (act === 'ignore') process.ignoresChildren = !process.ignoresChildren;
  if (act === 'adopt') process.isSubreaper = !process.isSubreaper;
}

/** A tree under observation. */
function observe(kernel = new SimulatedKernel()) {
  const root = new Member(ROOT_PID);
  kernel.read(root);
  const tree = new ProcessTree(kernel, root);
  const ledger = new Ledger();
  let before = [...ledger.totals];
  const tick = (): readonly number[] => {
    const gone = tree.update();
    ledger.settle(tree.living, gone);
    const totals = ledger.totals.map(Number);
    for (let i = 0; i < COUNTERS; i++) {
      expect(totals[i], `counter ${i} steps back`).toBeGreaterThanOrEqual(Number(before[i]));
      expect(totals[i], `counter ${i} counts twice`).toBeLessThanOrEqual(kernel.truth[i]!);
    }
    for (const i of [0, 1]) expect(Number(ledger.unseen[i])).toBeLessThanOrEqual(totals[i]!);
    before = totals;
    return totals;
  };
  return { kernel, tree, tick };
}

const RUNS = { numRuns: 1000 };

test('whatever happens between ticks, no total steps back or counts twice', () => {
  const property = fc.property(
    steps('run', 'run', 'fork', 'end', 'end', 'exit', 'wait', 'ignore', 'adopt', 'tick', 'tick'),
    (all) => {
      const { kernel, tick } = observe();
      for (const each of all) each.act === 'tick' ? tick() : perform(kernel, each);
      tick();
    },
  );
  fc.assert(property, RUNS);
});

/** Performs the steps, ticks among them, and lets those that follow a tick happen between its readings, one at a time. */
function interleave(
  all: readonly Step[],
  { kernel, tick }: ReturnType<typeof observe>,
  mayPerform = (_: Step) => true,
) {
  const queue = all.slice();
  const next = () => {
    const each = queue.shift()!;
    if (mayPerform(each)) perform(kernel, each);
  };
  kernel.beforeReading = () => {
    if (queue.length > 0 && queue[0]!.act !== 'tick') next();
  };
  while (queue.length > 0) {
    if (queue[0]!.act !== 'tick') next();
    else if (queue.shift()) tick();
  }
}

test('nor does one if it happens between the readings of one tick', () => {
  const property = fc.property(steps('run', 'fork', 'end', 'end', 'exit', 'wait', 'ignore', 'tick'), (all) => {
    const observed = observe();
    interleave(all, observed);
    observed.tick();
  });
  fc.assert(property, RUNS);
});

test('and if everybody was waited for, none is lost by that', () => {
  const property = fc.property(steps('run', 'fork', 'end', 'end', 'wait', 'wait', 'tick'), (all) => {
    const observed = observe();
    const { kernel } = observed;
    const isLeaf = (step: Step) => {
      const process = chosen(kernel, step)!;
      return process.pid !== ROOT_PID && kernel.childrenOf(process).length === 0;
    };
    interleave(all, observed, (step) => step.act !== 'end' || isLeaf(step));
    expect(observed.tick()).toEqual(kernel.truth);
  });
  fc.assert(property, RUNS);
});

test('where everybody is waited for, each tick tells the whole truth, of children too that nobody saw', () => {
  const property = fc.property(steps('run', 'run', 'fork', 'end', 'end', 'exit', 'wait', 'tick', 'tick'), (all) => {
    const { kernel, tick } = observe();
    const root = kernel.processes[0]!;
    root.isSubreaper = true;
    for (const each of all) {
      if (each.act === 'tick') expect(tick()).toEqual(kernel.truth);
      else if (!['exit', 'end'].includes(each.act) || chosen(kernel, each) !== root) perform(kernel, each);
    }
    expect(tick()).toEqual(kernel.truth);
  });
  fc.assert(property, RUNS);
});

test('where nobody is waited for, nothing is lost that was seen', () => {
  const property = fc.property(steps('run', 'run', 'fork', 'exit', 'tick', 'tick'), (all) => {
    const { kernel, tree, tick } = observe();
    kernel.processes[0]!.ignoresChildren = true;
    const seen = new Map<number, readonly number[]>();
    for (const each of all) {
      perform(kernel, each);
      if (each.act !== 'tick' || kernel.processes.length === 0) continue;
      const totals = tick();
      for (const { pid, used } of tree.living) seen.set(pid, used.map(Number));
      const sum = (counter: number) => [...seen.values()].reduce((total, own) => total + own[counter]!, 0);
      expect(totals).toEqual(totals.map((_, counter) => sum(counter)));
    }
  });
  fc.assert(property, RUNS);
});
