import { type FileReading, integerAfter, type RowOf } from '../../index.js';
import { stalledMicroseconds, totalOf, wholeLines } from '../../procfs.js';
import { type FIELDS, MAX_DISKS } from './fields.js';

type Row = RowOf<typeof FIELDS>;
type Disk = NonNullable<Row['disks']>[number];

/** The files of a group, under the names by which the collector asks for them. */
export const GROUP_FILES = {
  cpuStat: 'cpu.stat',
  cpuPressure: 'cpu.pressure',
  memoryCurrent: 'memory.current',
  memoryPeak: 'memory.peak',
  memorySwap: 'memory.swap.current',
  memoryStat: 'memory.stat',
  memoryEvents: 'memory.events',
  memoryPressure: 'memory.pressure',
  ioStat: 'io.stat',
  ioPressure: 'io.pressure',
  pidsCurrent: 'pids.current',
} as const;

type GroupFiles = Readonly<Record<keyof typeof GROUP_FILES, FileReading>>;

/** The row from a group's files; each part is null where the file or the line is missing. */
export function parseGroup(files: GroupFiles): Row {
  return Object.assign(
    cpu(wholeLines(files.cpuStat)),
    memory(files),
    events(wholeLines(files.memoryEvents)),
    io(files.ioStat),
    pressure(wholeLines(files.cpuPressure), wholeLines(files.memoryPressure), wholeLines(files.ioPressure)),
    { pids_current: onlyNumber(files.pidsCurrent) },
  );
}

function cpu(stat: string) {
  return {
    cpu_usage_us: integerAfter(stat, '\nusage_usec '),
    cpu_user_us: integerAfter(stat, '\nuser_usec '),
    cpu_sys_us: integerAfter(stat, '\nsystem_usec '),
    cpu_periods: integerAfter(stat, '\nnr_periods '),
    cpu_throttled_periods: integerAfter(stat, '\nnr_throttled '),
    cpu_throttled_us: integerAfter(stat, '\nthrottled_usec '),
  };
}

function memory({ memoryCurrent, memoryPeak, memorySwap, memoryStat }: GroupFiles) {
  const stat = wholeLines(memoryStat);
  return {
    memory_current_bytes: onlyNumber(memoryCurrent),
    memory_peak_bytes: onlyNumber(memoryPeak),
    memory_swap_bytes: onlyNumber(memorySwap),
    memory_anon_bytes: integerAfter(stat, '\nanon '),
    memory_file_bytes: integerAfter(stat, '\nfile '),
    memory_kernel_bytes: integerAfter(stat, '\nkernel '),
    memory_slab_bytes: integerAfter(stat, '\nslab '),
    memory_sock_bytes: integerAfter(stat, '\nsock '),
    page_faults: integerAfter(stat, '\npgfault '),
    major_faults: integerAfter(stat, '\npgmajfault '),
  };
}

function events(text: string) {
  return {
    oom_events: integerAfter(text, '\noom '),
    oom_kills: integerAfter(text, '\noom_kill '),
    memory_high_events: integerAfter(text, '\nhigh '),
    memory_max_events: integerAfter(text, '\nmax '),
  };
}

function pressure(cpuText: string, memoryText: string, ioText: string) {
  return {
    psi_cpu_some_us: stalledMicroseconds(cpuText, 'some'),
    psi_cpu_full_us: stalledMicroseconds(cpuText, 'full'),
    psi_mem_some_us: stalledMicroseconds(memoryText, 'some'),
    psi_mem_full_us: stalledMicroseconds(memoryText, 'full'),
    psi_io_some_us: stalledMicroseconds(ioText, 'some'),
    psi_io_full_us: stalledMicroseconds(ioText, 'full'),
  };
}

function io(file: FileReading) {
  const disks = file.error === null ? wholeLines(file).split('\n').flatMap(parseDisk) : null;
  return {
    io_read_bytes: totalOf(disks, 'read_bytes'),
    io_write_bytes: totalOf(disks, 'write_bytes'),
    io_reads: totalOf(disks, 'reads'),
    io_writes: totalOf(disks, 'writes'),
    io_discard_bytes: totalOf(disks, 'discard_bytes'),
    disks_unlisted: disks === null ? null : Math.max(0, disks.length - MAX_DISKS),
    disks: disks === null ? null : disks.slice(0, MAX_DISKS),
  };
}

/**
 * "8:0 rbytes=90112 wbytes=0 rios=6 wios=0 dbytes=0 dios=0". Devices that have counted nothing may stand before another's
 * number on its line, without numbers of their own (https://github.com/canonical/lxd/issues/10052); "(unknown)" is a path
 * of a multipath device, which has counted the same already (https://github.com/containerd/cgroups/issues/393).
 */
function parseDisk(line: string): Disk[] {
  const device = /(?:^| )(\d+:\d+) [a-z_.]+=/.exec(line)?.[1];
  if (device === undefined) return [];
  return [
    {
      device,
      read_bytes: integerAfter(line, ' rbytes='),
      write_bytes: integerAfter(line, ' wbytes='),
      reads: integerAfter(line, ' rios='),
      writes: integerAfter(line, ' wios='),
      discard_bytes: integerAfter(line, ' dbytes='),
    },
  ];
}

const onlyNumber = (file: FileReading) => integerAfter(wholeLines(file), '\n');
