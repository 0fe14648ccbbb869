import type { VantageFacts } from '../contract/collector.js';
import { integerAfter } from '../contract/read-integer.js';
import { auxiliaryFacts } from '../procfs/vantage-facts.js';
import type { AgentClient } from './agent-client.js';
import { GuestFiles } from './guest-files.js';

const FILES = {
  auxv: '/proc/self/auxv',
  stat: '/proc/stat',
  meminfo: '/proc/meminfo',
  hostname: '/proc/sys/kernel/hostname',
  release: '/proc/sys/kernel/osrelease',
  architecture: '/proc/sys/kernel/arch',
  bootId: '/proc/sys/kernel/random/boot_id',
} as const;
const MAX_WORD = 200;
/** What a kernel can be built with, and what stands for anything else. */
const PAGE_SIZES = { least: 1024, most: 1024 * 1024, usual: 4096 };
const CLOCK_TICKS = { least: 1, most: 10_000, usual: 100 };

/** What the guest says of itself; for meta.json. */
export interface GuestFacts extends VantageFacts {
  readonly hostname: string | null;
  readonly kernel: string | null;
  readonly architecture: string | null;
  readonly memoryBytes: number | null;
  readonly bootId: string | null;
}

/** Reads what is constant for the guest's life. Throws AGENT_* errors. */
export async function readGuestFacts(agent: AgentClient): Promise<GuestFacts> {
  const files = new GuestFiles(
    agent,
    Object.values(FILES).map((path) => ({ path, optional: true })),
    'phase',
  );
  await files.open();
  const { contents } = await files.read();
  await files.close();
  const names = Object.keys(FILES) as (keyof typeof FILES)[];
  const bytesOf = (name: keyof typeof FILES) => Buffer.from(contents[names.indexOf(name)]!.bytes ?? []);
  const word = (name: keyof typeof FILES) => printable(bytesOf(name).toString('latin1'));
  const { pageSizeBytes, clockTicksPerSecond } = auxiliaryFacts(bytesOf('auxv'));
  const memoryKib = integerAfter(`\n${bytesOf('meminfo').toString('latin1')}`, '\nMemTotal:');
  return {
    pageSizeBytes: plausible(pageSizeBytes, PAGE_SIZES),
    clockTicksPerSecond: plausible(clockTicksPerSecond, CLOCK_TICKS),
    cpus: Math.max(
      1,
      bytesOf('stat')
        .toString('latin1')
        .match(/^cpu\d+ /gm)?.length ?? 1,
    ),
    hostname: word('hostname'),
    kernel: word('release'),
    architecture: word('architecture'),
    memoryBytes: exactBytes(memoryKib),
    bootId: word('bootId'),
  };
}

const plausible = (value: number, { least, most, usual }: typeof PAGE_SIZES): number =>
  value >= least && value <= most ? value : usual;

function exactBytes(kib: number | bigint | null): number | null {
  const bytes = Number(kib) * 1024;
  return kib !== null && Number.isSafeInteger(bytes) ? bytes : null;
}

/** What the guest says is the guest's: one line of ASCII, of a bounded length. */
function printable(text: string): string | null {
  const line = text
    .split('\n', 1)[0]!
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, MAX_WORD);
  return line === '' ? null : line;
}
