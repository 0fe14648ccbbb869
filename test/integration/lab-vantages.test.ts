import { expect } from 'vitest';
import { FIELDS } from '../../src/plugins/system/fields.js';
import { type Capture, captureProgram, readCaptures } from '../support/guest-capture.js';
import { labTest } from '../support/lab.js';
import { type LabEpisode, phase, startLabEpisode } from '../support/lab-episode.js';

const MIN_WINDOW_NS = 8e9;
const TOLERATED_SHARE = 0.05;
/**
 * Counts that either may miss at the edges of a window, beside its share: the two look some 10 ms apart, and what one look
 * costs (a dozen switches, two dozen interrupts) may fall within one window only. Jiffies come by whole ones.
 */
const SLACK: readonly (readonly [names: RegExp, counts: number])[] = [
  [/jiffies$/, 4],
  [/_us$/, 30_000],
  [/^disk.*_bytes$/, 64 * 1024], // two of the busy guest's writes
  [/^disk.*(reads|writes)$/, 16],
  [/^net.*_bytes$/, 2_500], // a ping and its answer
  [/^net.*_packets$/, 4],
  [/./, 40],
];
/** What the busy guest moves by so much that the slack hides nothing of it. */
const MOVED = [
  ...['cpu_user_jiffies', 'cpus[0].user_jiffies', 'cpus[0].sys_jiffies', 'context_switches', 'forks', 'page_faults'],
  ...['page_out_kib', 'disk_writes', 'disk_write_bytes', 'disks[vda].writes', 'disks[vda].write_bytes'],
  ...['net_tx_bytes', 'nets[eth0].tx_bytes', 'nets[eth0].rx_bytes', 'nets[eth0].rx_packets'],
];
/** Steadily, a little at a time: the network's other end, QEMU itself, answers pings. */
const IO = `while :; do
  dd if=/dev/zero of=/dev/vda bs=4k count=8 oflag=direct conv=notrunc
  ping -c 1 -s 1000 10.0.2.2
done >/dev/null 2>&1`;

type Row = Readonly<Record<string, unknown>>;

labTest('a guest looks the same through its agent and from inside, idle and busy', async (context) => {
  const work = 'n=0; while [ $n -lt 500 ]; do n=$((n + 1)); done; (:)'; // mostly for itself, and forks now and then
  const busy = `while :; do ${work}; done & ${IO} & exec "$0" "$@"`;
  const phases = [phase('idle', 30, captureProgram), phase('busy', 30, ['sh', '-c', busy, ...captureProgram])];
  const episode = await startLabEpisode(context, {
    target: { network: 'restricted' },
    phases,
    collectors: { system: { interval: '100ms' } },
  });
  await episode.ended();
  const available = episode.rows('system').map(({ available_in_deployment }) => available_in_deployment);
  expect(new Set(available)).toEqual(new Set([true]));
  const loads = ['idle', 'busy'].map((name, i) => {
    const captures = readCaptures(episode.artifact(`phase-${i + 1}-${name}-stdout.log`));
    const pairs = matched(episode, captures);
    for (const { row, capture } of pairs) expect(shapeOf(row)).toEqual(shapeOf(capture));
    const { from, to } = bestWindow(pairs);
    expectEqualRates(name, from, to);
    if (name === 'busy') expectMoved(from, to);
    return rate('cpu_user_jiffies', from, to, 'row');
  });
  // what looks at the guest is its load when it is idle, and the more so the slower it is emulated
  expect(loads[1]).toBeGreaterThan(1.2 * loads[0]!);
});

interface Pair {
  readonly row: Row;
  readonly capture: Row;
  /** On the host's clock. */
  readonly rowNs: number;
  readonly captureNs: number;
}

/** Each capture with the sample that was nearest to it. */
function matched(episode: LabEpisode, captures: readonly Capture[]): Pair[] {
  const offsetNs = episode.meta.vantages.guest.clock_offset.start.offset_ns;
  const samples = episode.rows('system');
  return captures.map(({ wallNs, row: capture }) => {
    const captureNs = wallNs - offsetNs;
    const distance = ({ t_wall_ns }: { t_wall_ns: number }) => Math.abs(t_wall_ns - captureNs);
    const {
      source,
      available_in_deployment,
      t_mono_ns,
      t_wall_ns: rowNs,
      tick,
      epoch,
      ...row
    } = samples.reduce((best, sample) => (distance(sample) < distance(best) ? sample : best));
    return { row, capture, rowNs, captureNs };
  });
}

/** The one that is long enough, and whose edges the two saw at the same time, as nearly as there is. */
function bestWindow(pairs: readonly Pair[]): { from: Pair; to: Pair } {
  const apart = ({ rowNs, captureNs }: Pair) => Math.abs(rowNs - captureNs);
  const windows = pairs.flatMap((from) =>
    pairs.filter((to) => to.captureNs - from.captureNs >= MIN_WINDOW_NS).map((to) => ({ from, to })),
  );
  expect(windows.length).toBeGreaterThan(0);
  return windows.reduce((best, window) =>
    apart(window.from) + apart(window.to) < apart(best.from) + apart(best.to) ? window : best,
  );
}

/** The columns, which of them are null, and the names of cpus, disks and interfaces. */
function shapeOf(row: Row): unknown {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      Array.isArray(value)
        ? value.map((item) => ({ keys: Object.keys(item), name: Object.values(item)[0] }))
        : typeof (value ?? null),
    ]),
  );
}

function expectEqualRates(name: string, from: Pair, to: Pair): void {
  const seconds = (to.captureNs - from.captureNs) / 1e9;
  const differing = Object.keys(countersOf(from.row))
    .filter((column) => !column.startsWith('observer_'))
    .map((column) => ({ column, agent: rate(column, from, to, 'row'), inside: rate(column, from, to, 'capture') }))
    .filter(({ column, agent, inside }) => {
      const slack = slackOf(column) / seconds;
      return !(Math.abs(agent - inside) <= TOLERATED_SHARE * Math.max(Math.abs(agent), Math.abs(inside)) + slack);
    });
  expect(differing, `${name}, over ${seconds} s`).toEqual([]);
}

/** Otherwise a reading that stands still would pass for an equal one. */
function expectMoved(from: Pair, to: Pair): void {
  const [before, after] = [countersOf(from.row), countersOf(to.row)];
  const still = MOVED.filter((column) => !(after[column]! - before[column]! > 2 * slackOf(column)));
  expect(still).toEqual([]);
}

/** Per second, by the clock of who looked. */
function rate(column: string, from: Pair, to: Pair, who: 'row' | 'capture'): number {
  const seconds = (to[`${who}Ns`] - from[`${who}Ns`]) / 1e9;
  return (countersOf(to[who])[column]! - countersOf(from[who])[column]!) / seconds;
}

/** The counters of a row that are not null, those of a cpu, disk or interface as `disks[vda].writes`. */
function countersOf(row: Row): Readonly<Record<string, number>> {
  const counters: [string, unknown][] = [];
  for (const [name, field] of Object.entries(FIELDS)) {
    if ('kind' in field && field.kind === 'counter') counters.push([name, row[name]]);
    if (!('items' in field)) continue;
    const own = Object.entries(field.items).filter(([, { kind }]) => kind === 'counter');
    for (const item of (row[name] ?? []) as Row[])
      for (const [column] of own) counters.push([`${name}[${Object.values(item)[0]}].${column}`, item[column]]);
  }
  return Object.fromEntries(
    counters.filter(([, value]) => value !== null).map(([name, value]) => [name, Number(value)]),
  );
}

const slackOf = (column: string): number => SLACK.find(([names]) => names.test(column))![1];
