import { expect, onTestFinished, test } from 'vitest';
import type { CollectorContext, TargetView } from '../../../src/index.js';
import qmp from '../../../src/plugins/qmp/index.js';
import { QmpCollector, type QmpOptions } from '../../../src/plugins/qmp/qmp-collector.js';
import { until } from '../../support/cli.js';
import { type Answerer, captured, type FakeMonitor } from '../../support/fake-monitor.js';
import { failureOf, monitorThat } from '../support/monitors.js';

const GUEST = captured('guest-with-balloon-and-two-disks');
const STOP = '{"timestamp": {"seconds": 1795484594, "microseconds": 387001}, "event": "STOP"}\r\n';
const IO_ERROR = STOP.replace(
  '"STOP"',
  '"BLOCK_IO_ERROR", "data": {"device": "d0", "node-name": "#block1", "nospace": true, "qom": {"deep": 1}}',
);

interface Observed {
  readonly collector: QmpCollector;
  readonly events: unknown[][];
}

/** A collector that has started; stopped after the test. */
async function started(options: Partial<QmpOptions>, target: TargetView | null = null): Promise<Observed> {
  const events: unknown[][] = [];
  const event = (...told: unknown[]) => void events.push(told);
  const context = { target, event, intervalNs: 1e8 } as unknown as CollectorContext<unknown>;
  const collector = new QmpCollector({ balloon: true, ...options }, context);
  onTestFinished(() => collector.stop());
  await collector.start();
  return { collector, events };
}

const machineOf = ({ path }: FakeMonitor): TargetView => ({
  type: 'qemu',
  pid: process.pid,
  startTimeTicks: null,
  qmpSocket: path,
});

const propertiesSet = ({ asked }: FakeMonitor) =>
  asked.filter(({ execute }) => execute === 'qom-set').map((command) => command.arguments);

test('the events of a monitor that only the collector knows are told, flat', async () => {
  const monitor = await monitorThat(GUEST);
  const { events } = await started({ socket: monitor.path });
  monitor.say(STOP + IO_ERROR);
  await until(() => events.length === 2);
  const qemu_realtime_ns = 1795484594387001000n;
  expect(events).toEqual([
    ['STOP', { qemu_realtime_ns }],
    ['BLOCK_IO_ERROR', { device: 'd0', node_name: '#block1', nospace: true, qemu_realtime_ns }],
  ]);
});

test("the events of the target's own monitor are left to the recorder", async () => {
  const monitor = await monitorThat(GUEST);
  const { collector, events } = await started({}, machineOf(monitor));
  monitor.say(STOP);
  expect(await collector.sample()).toMatchObject({ run_state: 'running' }); // an answer comes behind the event
  expect(events).toEqual([]);
});

test('the guest is asked for statistics every second, and then as often as before', async () => {
  const monitor = await monitorThat(GUEST);
  const { collector } = await started({ socket: monitor.path });
  const balloon = { path: '/machine/peripheral/balloon0', property: 'guest-stats-polling-interval' };
  expect(propertiesSet(monitor)).toEqual([{ ...balloon, value: 1 }]);
  await collector.stop();
  expect(propertiesSet(monitor)).toEqual([
    { ...balloon, value: 1 },
    { ...balloon, value: 0 },
  ]);
});

test('without the balloon nothing is set, and its columns are null', async () => {
  const monitor = await monitorThat(GUEST);
  const { collector } = await started({ socket: monitor.path, balloon: false });
  expect(await collector.sample()).toMatchObject({ balloon_actual_bytes: null, balloon_free_bytes: null });
  expect(new Set(monitor.asked.map(({ execute }) => execute))).toEqual(
    new Set(['query-status', 'query-blockstats', 'query-cpus-fast']),
  );
});

test('a monitor that hangs up is told once, and gives no more rows', async () => {
  const monitor = await monitorThat(GUEST);
  const { collector, events } = await started({ socket: monitor.path });
  monitor.hangUp();
  expect(await collector.sample()).toBeNull();
  expect(await collector.sample()).toBeNull();
  expect(events.map(([code]) => code)).toEqual(['monitor_closed']);
});

test('a monitor that is silent costs ticks, and gives rows when it answers again', async () => {
  let isSilent = false;
  const answer: Answerer = (asked) => (isSilent ? null : GUEST(asked));
  const { collector } = await started({ socket: (await monitorThat(answer)).path });
  isSilent = true;
  expect((await failureOf(collector.sample())).code).toBe('QMP_TIMEOUT');
  isSilent = false;
  expect(await collector.sample()).toMatchObject({ run_state: 'running' });
});

test('without a socket it can be tried with a QEMU only; one that has yet to run has none', async () => {
  const probe = (target: unknown) =>
    qmp.probe!({ options: { balloon: true }, target } as unknown as CollectorContext<QmpOptions>);
  const remedy = expect.stringContaining('option "socket"');
  expect(await probe(null)).toMatchObject({
    status: 'partial',
    reason: expect.stringMatching(/is told of none/),
    remedy,
  });
  expect(await probe({ type: 'qemu', pid: 1, startTimeTicks: 1n })).toEqual({ status: 'ok' });
});

test('a socket that is not there is told with its remedy', async () => {
  const options = { balloon: true, socket: '/no/such.sock' };
  const context = { options, target: null } as unknown as CollectorContext<QmpOptions>;
  const error = await failureOf(Promise.resolve(qmp.probe!(context)));
  expect(error.message).toMatch(/no monitor at \/no\/such\.sock: .*ENOENT/);
  expect(error.remedy).toMatch(/-qmp unix:/);
});

test('a machine without a balloon is observed in part, unless it is not wanted', async () => {
  const { path } = await monitorThat(captured('neither-disk-nor-balloon'));
  const probe = (balloon: boolean) =>
    qmp.probe!({ options: { socket: path, balloon }, target: null } as unknown as CollectorContext<QmpOptions>);
  expect(await probe(true)).toMatchObject({ status: 'partial', reason: expect.stringContaining('no balloon device') });
  expect(await probe(false)).toEqual({ status: 'ok' });
});
