import { level, rate, share } from './phase-means.mjs';

const MB = 1e-6;
const GUEST_CPU = ['user', 'nice', 'sys', 'idle', 'iowait', 'irq', 'softirq', 'steal'].map(
  (state) => `cpu_${state}_jiffies`,
);
const KERNEL_CPU = ['cpu_sys_jiffies', 'cpu_irq_jiffies', 'cpu_softirq_jiffies'];

/**
 * A few of what an episode has: from the host's side of the virtual machine, which no deployed device has, and from the
 * guest's, which it has. `ticksPerSecond` is CLK_TCK of the host, from meta.json.
 */
export const signalsOf = (ticksPerSecond) => ({
  hostCpu: rate('host_proc', ['cpu_user_jiffies', 'cpu_sys_jiffies'], 100 / ticksPerSecond),
  hostSwitches: rate('host_proc', ['voluntary_ctxsw', 'involuntary_ctxsw']),
  hostWrite: rate('host_proc', ['io_write_bytes'], MB),
  user: share('system', ['cpu_user_jiffies', 'cpu_nice_jiffies'], GUEST_CPU),
  kernel: share('system', KERNEL_CPU, GUEST_CPU),
  idle: share('system', ['cpu_idle_jiffies', 'cpu_iowait_jiffies'], GUEST_CPU),
  switches: rate('system', ['context_switches']),
  forks: rate('system', ['forks']),
  free: level('system', 'mem_free_bytes', MB),
  write: rate('system', ['disk_write_bytes'], MB),
  net: rate('system', ['net_rx_bytes', 'net_tx_bytes'], MB),
});

/** Who sees it; the columns of a side stand together. */
export const SIDES = { host: '| host: lab only', guest: '| guest: what a deployed device sees of itself' };

/** The table's columns: the signal, the side, what it is, and its unit. */
export const COLUMNS = [
  ['hostCpu', 'host', 'CPU', '%'],
  ['hostSwitches', 'host', 'ctxsw*', '/s'],
  ['hostWrite', 'host', 'write', 'MB/s'],
  ['user', 'guest', 'user', '%'],
  ['kernel', 'guest', 'sys', '%'],
  ['idle', 'guest', 'idle', '%'],
  ['switches', 'guest', 'ctxsw', '/s'],
  ['forks', 'guest', 'forks', '/s'],
  ['free', 'guest', 'free', 'MB'],
  ['write', 'guest', 'write', 'MB/s'],
  ['net', 'guest', 'net', 'MB/s'],
];

export const NOTES = [
  "* of QEMU's main thread alone. CPU: of one core (host), of all it has (guest).",
  '"-": could not be read.',
];
