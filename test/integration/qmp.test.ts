import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { QmpClient } from '../../src/qmp.js';
import { cli, readJson, readRows, temporaryFolder, until } from '../support/cli.js';
import { hasQemu, QEMU } from '../support/needs-qemu.js';
import { type Recording, recordBeside } from '../support/observed.js';

const DISK_BYTES = 1024 * 1024;

interface Machine {
  readonly pid: number;
  /** The monitor for the collector. */
  readonly socket: string;
  /** Another one, for the test. */
  readonly monitor: QmpClient;
  kill(signal: NodeJS.Signals): void;
}

/** A machine with nothing but its firmware, which is stopped; gone after the test. */
async function startMachine(): Promise<Machine> {
  const folder = temporaryFolder();
  const [socket, control, disk] = ['qmp.sock', 'control.sock', 'disk.img'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(disk, Buffer.alloc(DISK_BYTES));
  const sockets = [socket, control].flatMap((path) => ['-qmp', `unix:${path},server=on,wait=off`]);
  const devices = ['-drive', `file=${disk},format=raw,if=none,id=d0`, '-device', 'virtio-blk-pci,drive=d0'];
  const bare = [
    '-accel',
    'tcg',
    '-m',
    '16',
    '-nodefaults',
    '-no-user-config',
    '-display',
    'none',
    '-nic',
    'none',
    '-S',
  ];
  const child = spawn(QEMU, [...bare, ...sockets, ...devices, '-device', 'virtio-balloon-pci'], { stdio: 'ignore' });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  await until(() => existsSync(control)); // made after the other
  const monitor = await QmpClient.connect(control);
  onTestFinished(() => monitor.close());
  return { pid: child.pid!, socket, monitor, kill: (signal) => void child.kill(signal) };
}

function record({ pid, socket }: Machine): Promise<Recording> {
  return recordBeside({ type: 'pid', pid }, { qmp: { interval: '50ms', options: { socket } }, host_proc: {} }, '180s');
}

const untilState = (recording: Recording, state: string): Promise<void> =>
  until(() => recording.rows('qmp').at(-1)?.run_state === state);

const eventsOf = ({ folder }: Recording) => readRows(join(folder, 'events.jsonl'));

async function requireValid({ folder }: Recording): Promise<void> {
  expect((await cli('episode', 'validate', folder)).stdout).toMatch(/: valid/);
}

describe.skipIf(!hasQemu('the collector qmp beside a real QEMU'))('beside a real QEMU', () => {
  test('its states are seen in the rows, and their changes among the events', async () => {
    const machine = await startMachine();
    const recording = await record(machine);
    await untilState(recording, 'prelaunch');
    await machine.monitor.execute('cont');
    // the firmware looks for something to boot, which takes it its time under emulation
    await until(() => recording.rows('qmp').at(-1).block_read_bytes >= 512, 60_000);
    await machine.monitor.execute('stop');
    await untilState(recording, 'paused');
    await machine.monitor.execute('cont');
    await untilState(recording, 'running');
    recording.child.kill('SIGINT');
    expect((await recording.outcome).code).toBe(130);
    const told = eventsOf(recording).filter(({ event, source }) => event === 'target_event' && source === 'qmp');
    expect(told.map(({ code }) => code)).toEqual(expect.arrayContaining(['RESUME', 'STOP']));
    expect(recording.rows('qmp').at(-1)).toMatchObject({
      balloon_actual_bytes: 16 * 1024 * 1024,
      balloon_free_bytes: null,
    });
    expect(readJson(join(recording.folder, 'done.marker')).grade).toBe('ok');
    await requireValid(recording);
  }, 120_000);

  test('one that is killed ends its episode, and what there is is valid', async () => {
    const machine = await startMachine();
    const recording = await record(machine);
    await untilState(recording, 'prelaunch');
    machine.kill('SIGKILL');
    expect((await recording.outcome).stderr).not.toContain('collector_failed');
    expect(readJson(join(recording.folder, 'meta.json'))).toMatchObject({
      status: 'complete',
      end_reason: 'target_exited',
    });
    await requireValid(recording);
  });

  test('one that is frozen costs ticks, and gives rows again when it goes on', async () => {
    const machine = await startMachine();
    const recording = await record(machine);
    await untilState(recording, 'prelaunch');
    machine.kill('SIGSTOP');
    await until(() => eventsOf(recording).some(({ code }) => code === 'QMP_TIMEOUT'));
    const before = recording.rows('qmp').length;
    machine.kill('SIGCONT');
    await until(() => recording.rows('qmp').length > before);
    recording.child.kill('SIGINT');
    expect((await recording.outcome).code).toBe(130);
    expect(eventsOf(recording).map(({ event }) => event)).not.toContain('collector_abandoned');
    await requireValid(recording);
  });

  test('one whose monitor is taken refuses the episode, and says why', async () => {
    const machine = await startMachine();
    const other = await QmpClient.connect(machine.socket);
    onTestFinished(() => other.close());
    const output = temporaryFolder();
    const config = join(output, 'config.json');
    const collectors = { qmp: { options: { socket: machine.socket } } };
    writeFileSync(config, JSON.stringify({ target: { type: 'pid', pid: machine.pid }, collectors }));
    const { code, stderr } = await cli('episode', 'start', '--config', config, '--output', join(output, 'episodes'));
    expect(code).toBe(4);
    expect(stderr).toMatch(/is another client connected/);
    expect(stderr).toMatch(/second -qmp socket/);
    expect(existsSync(join(output, 'episodes'))).toBe(false);
  });

  test('one whose monitor is taken is told so to all who wait, also beyond what the system lets wait', async () => {
    const { socket } = await startMachine();
    const other = await QmpClient.connect(socket);
    onTestFinished(() => other.close());
    const waiting = Array.from({ length: 5 }, () => QmpClient.connect(socket, { timeoutMs: 200 }));
    for (const result of await Promise.allSettled(waiting))
      expect(result).toMatchObject({
        reason: { code: 'QMP_TIMEOUT', message: expect.stringContaining('another client') },
      });
  });

  test('what it was asked of its balloon is taken back', async () => {
    const machine = await startMachine();
    const recording = await record(machine);
    const interval = { path: '/machine/peripheral-anon/device[1]', property: 'guest-stats-polling-interval' };
    expect(await machine.monitor.execute('qom-get', interval)).toBe(1);
    recording.child.kill('SIGINT');
    await recording.outcome;
    expect(await machine.monitor.execute('qom-get', interval)).toBe(0);
  });
});
