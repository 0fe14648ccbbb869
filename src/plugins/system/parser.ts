import { type FileReading, integerAfter, integerAt, plusExactly, type RowOf, timesExactly } from '../../index.js';
import { integersAt, parseNetDev, stalledMicroseconds, totalOf, wholeLines, within64Bits } from '../../procfs.js';
import type { FIELDS } from './fields.js';

type Row = RowOf<typeof FIELDS>;
type Count = number | bigint | null;
type Instances<K extends 'cpus' | 'disks' | 'nets'> = NonNullable<Row[K]>;

/** diskstats counts in sectors of 512 bytes, whatever the device (Documentation/block/stat.rst). */
const SECTOR_BYTES = 512;
const KIB = 1024;
/** No disks of their own, or made of others: each byte counts once. */
const NOT_A_DISK = /^(?:(?:loop|ram|zram|dm-|md)\d|md_)/;

/** The names under which the collector asks for its files. */
export type SystemFile =
  | 'stat'
  | 'meminfo'
  | 'vmstat'
  | 'loadavg'
  | 'diskstats'
  | 'netDev'
  | 'cpuPressure'
  | 'memoryPressure'
  | 'ioPressure'
  | 'selfStat';

/** The row from the whole machine's /proc; each part is null where the kernel lacks its file or its line. */
export function parseSystem(files: Readonly<Record<SystemFile, FileReading>>, pageSizeBytes: number): Row {
  const stat = wholeLines(files.stat);
  // not by spreading: V8 makes a new hidden class for each such object, and its memory grows from tick to tick
  return Object.assign(
    cpuTimes(stat, wholeLines(files.loadavg)),
    memory(wholeLines(files.meminfo)),
    paging(wholeLines(files.vmstat)),
    pressure(wholeLines(files.cpuPressure), wholeLines(files.memoryPressure), wholeLines(files.ioPressure)),
    storage(files.diskstats),
    network(files.netDev),
    observer(wholeLines(files.selfStat), pageSizeBytes),
    { cpus: files.stat.length > 0 ? perCpu(stat) : null },
  );
}

function cpuTimes(stat: string, loadavg: string) {
  const cpu = integersAt(stat, stat.indexOf('\ncpu ') + 5, 8);
  const has = stat.startsWith('\ncpu ');
  const slash = loadavg.indexOf('/');
  return {
    cpu_user_jiffies: has ? cpu[0]! : null,
    cpu_nice_jiffies: has ? cpu[1]! : null,
    cpu_sys_jiffies: has ? cpu[2]! : null,
    cpu_idle_jiffies: has ? cpu[3]! : null,
    cpu_iowait_jiffies: has ? cpu[4]! : null,
    cpu_irq_jiffies: has ? cpu[5]! : null,
    cpu_softirq_jiffies: has ? cpu[6]! : null,
    cpu_steal_jiffies: has ? cpu[7]! : null,
    interrupts: integerAfter(stat, '\nintr '),
    context_switches: integerAfter(stat, '\nctxt '),
    forks: integerAfter(stat, '\nprocesses '),
    procs_running: integerAfter(stat, '\nprocs_running '),
    procs_blocked: integerAfter(stat, '\nprocs_blocked '),
    threads: slash < 0 ? null : integerAt(loadavg, slash + 1),
  };
}

function perCpu(stat: string): Instances<'cpus'> {
  const cpus: Instances<'cpus'>[number][] = [];
  for (let at = stat.indexOf('\ncpu', 1); at >= 0; at = stat.indexOf('\ncpu', at + 1)) {
    const cpu = integerAt(stat, at + 4);
    if (cpu === null) continue;
    const [user, nice, sys, idle] = integersAt(stat, stat.indexOf(' ', at) + 1, 4);
    cpus.push({ cpu, user_jiffies: plusExactly(user!, nice!), sys_jiffies: sys!, idle_jiffies: idle! });
  }
  return cpus;
}

function memory(meminfo: string) {
  const bytes = (label: string) => scaled(integerAfter(meminfo, label), KIB);
  return {
    mem_free_bytes: bytes('\nMemFree:'),
    mem_available_bytes: bytes('\nMemAvailable:'),
    mem_buffers_bytes: bytes('\nBuffers:'),
    mem_cached_bytes: bytes('\nCached:'),
    mem_dirty_bytes: bytes('\nDirty:'),
    mem_anon_bytes: bytes('\nAnonPages:'),
    mem_slab_bytes: bytes('\nSlab:'),
    swap_free_bytes: bytes('\nSwapFree:'),
  };
}

function paging(vmstat: string) {
  return {
    page_in_kib: integerAfter(vmstat, '\npgpgin '),
    page_out_kib: integerAfter(vmstat, '\npgpgout '),
    swap_in_pages: integerAfter(vmstat, '\npswpin '),
    swap_out_pages: integerAfter(vmstat, '\npswpout '),
    page_faults: integerAfter(vmstat, '\npgfault '),
    major_faults: integerAfter(vmstat, '\npgmajfault '),
    oom_kills: integerAfter(vmstat, '\noom_kill '),
  };
}

function pressure(cpu: string, memoryText: string, io: string) {
  return {
    psi_cpu_some_us: stalledMicroseconds(cpu, 'some'),
    psi_mem_some_us: stalledMicroseconds(memoryText, 'some'),
    psi_mem_full_us: stalledMicroseconds(memoryText, 'full'),
    psi_io_some_us: stalledMicroseconds(io, 'some'),
    psi_io_full_us: stalledMicroseconds(io, 'full'),
  };
}

function storage(file: FileReading) {
  const disks = file.error === null ? wholeDisks(wholeLines(file)) : null;
  return {
    disk_reads: totalOf(disks, 'reads'),
    disk_read_bytes: totalOf(disks, 'read_bytes'),
    disk_writes: totalOf(disks, 'writes'),
    disk_write_bytes: totalOf(disks, 'write_bytes'),
    disks,
  };
}

function wholeDisks(diskstats: string): Instances<'disks'> {
  const disks: Instances<'disks'>[number][] = [];
  for (const line of diskstats.split('\n')) {
    const [, , disk, reads, , sectorsRead, , writes, , sectorsWritten] = line.trim().split(/ +/);
    if (disk === undefined || sectorsWritten === undefined || NOT_A_DISK.test(disk)) continue;
    if (disks.some((whole) => isPartition(disk, whole.disk))) continue;
    disks.push({
      disk,
      reads: integerAt(reads!, 0),
      read_bytes: scaled(integerAt(sectorsRead!, 0), SECTOR_BYTES),
      writes: integerAt(writes!, 0),
      write_bytes: scaled(integerAt(sectorsWritten, 0), SECTOR_BYTES),
    });
  }
  return disks;
}

/** A partition follows its disk and bears its name: sda1 of sda, nvme0n1p1 of nvme0n1 (block/genhd.c, disk_name). */
function isPartition(name: string, whole: string): boolean {
  return name.startsWith(whole) && (/\d$/.test(whole) ? /^p\d+$/ : /^\d+$/).test(name.slice(whole.length));
}

function network(file: FileReading) {
  const nets = file.error === null ? interfaces(wholeLines(file)) : null;
  return {
    net_rx_bytes: totalOf(nets, 'rx_bytes'),
    net_rx_packets: totalOf(nets, 'rx_packets'),
    net_tx_bytes: totalOf(nets, 'tx_bytes'),
    net_tx_packets: totalOf(nets, 'tx_packets'),
    nets,
  };
}

function interfaces(netDev: string): Instances<'nets'> {
  return parseNetDev(netDev)
    .filter(({ name }) => name !== 'lo')
    .map(({ name, rxBytes, rxPackets, txBytes, txPackets }) => ({
      net: name,
      rx_bytes: rxBytes,
      rx_packets: rxPackets,
      tx_bytes: txBytes,
      tx_packets: txPackets,
    }));
}

/** The recorder's, or in a guest the agent's, own stat: utime + stime (fields 14, 15) and rss (24). */
function observer(stat: string, pageSizeBytes: number) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => integerAt(fields[number - 3] ?? '', 0);
  return {
    observer_cpu_jiffies: plusExactly(field(14), field(15)),
    observer_rss_bytes: scaled(field(24), pageSizeBytes),
  };
}

function scaled(value: Count, factor: number): Count {
  return value === null ? null : within64Bits(timesExactly(value, factor));
}
