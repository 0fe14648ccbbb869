import type { Fields, ScalarField } from 'cis490';

const served = <const L extends string>(line: L) =>
  ({
    type: 'integer',
    unit: '{interrupt}',
    kind: 'counter',
    reset: 'boot',
    nullable: true,
    description: `Served by all CPUs (softirqs, ${line}).`,
  }) as const satisfies ScalarField;

/** A row, column by column: one for each line of the file (include/linux/interrupt.h). */
export const FIELDS = {
  hi: served('HI'),
  timer: served('TIMER'),
  net_tx: served('NET_TX'),
  net_rx: served('NET_RX'),
  block: served('BLOCK'),
  irq_poll: served('IRQ_POLL'),
  tasklet: served('TASKLET'),
  sched: served('SCHED'),
  hrtimer: served('HRTIMER'),
  rcu: served('RCU'),
} as const satisfies Fields;
