import type { FileReading } from '../../src/index.js';
import { parseSystem, type SystemFile } from '../../src/plugins/system/parser.js';

/** The files of the collector `system`, by their names in its parser, and in its order. */
const FILES: Readonly<Record<SystemFile, string>> = {
  stat: 'stat',
  meminfo: 'meminfo',
  vmstat: 'vmstat',
  loadavg: 'loadavg',
  diskstats: 'diskstats',
  netDev: 'net/dev',
  cpuPressure: 'pressure/cpu',
  memoryPressure: 'pressure/memory',
  ioPressure: 'pressure/io',
  selfStat: 'self/stat',
};
const PAGE_SIZE_BYTES = 4096;

/** What those files said at one instant. */
export interface Capture {
  /** By the guest's own clock, when the first of them was read. */
  readonly wallNs: number;
  readonly row: Readonly<Record<string, unknown>>;
}

/**
 * A program for the guest that prints the files, again and again: in front of each its name and length, in front of all
 * the time. One process that keeps its descriptors: what it costs is counted too. 228 is clock_gettime(2), 0 CLOCK_REALTIME.
 * No multiple of the collector's interval lies between two captures: some of them meet a sample closely.
 */
export const captureProgram: readonly string[] = [
  'perl',
  '-e',
  `$| = 1; my @names = qw(${Object.values(FILES).join(' ')}); my %f;
for (@names) { open $f{$_}, '<', "/proc/$_" }
while (1) {
  my $time = pack 'qq', 0, 0; syscall 228, 0, $time; my ($s, $ns) = unpack 'qq', $time;
  my $all = "@ $s $ns\\n";
  for (@names) { my $text = ''; if ($f{$_}) { sysseek $f{$_}, 0, 0; sysread $f{$_}, $text, 65536 } $all .= "$_ " . length($text) . "\\n$text" }
  print "$all.\\n";
  select undef, undef, undef, 0.53;
}`,
];

/** What the program has printed, by the very parser of the collector. One that was cut off is left out. */
export function readCaptures(output: string): Capture[] {
  const frames = output.split(/^@ /m).slice(1);
  return frames.filter((frame) => frame.endsWith('\n.\n')).map(readCapture);
}

function readCapture(frame: string): Capture {
  const texts = new Map<string, string>();
  let at = frame.indexOf('\n') + 1;
  while (!frame.startsWith('.\n', at)) {
    const [, name, length] = /^(\S+) (\d+)\n/.exec(frame.slice(at))!;
    at = frame.indexOf('\n', at) + 1;
    texts.set(name!, frame.slice(at, at + Number(length)));
    at += Number(length);
  }
  const reading = (name: string): FileReading => {
    const bytes = Buffer.from(texts.get(name) ?? '', 'latin1');
    return { path: `/proc/${name}`, bytes, length: bytes.length, error: texts.get(name) ? null : 'ENOENT' };
  };
  const files = Object.fromEntries(Object.entries(FILES).map(([key, name]) => [key, reading(name)]));
  const [seconds, nanoseconds] = frame.split(/\s/, 2).map(Number);
  return {
    wallNs: seconds! * 1e9 + nanoseconds!,
    row: parseSystem(files as Record<SystemFile, FileReading>, PAGE_SIZE_BYTES),
  };
}
