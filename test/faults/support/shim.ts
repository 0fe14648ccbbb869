import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { temporaryFolder } from '../../support/cli.js';

const SOURCE = fileURLToPath(new URL('shim.c', import.meta.url));
const NS_PER_S = 1_000_000_000n;

export type Call =
  | 'create'
  | 'read'
  | 'write'
  | 'fsync'
  | 'fdatasync'
  | 'truncate'
  | 'mkdir'
  | 'unlink'
  | 'rmdir'
  | 'rename';

export interface Fault {
  /** Calls on paths below this folder, and on the folder itself, count. */
  readonly below: string;
  readonly calls: readonly Call[];
  /** Only paths that contain this. */
  readonly name?: string;
  /** `short`: a write takes half, a read gives half; `torn`: it takes half and then fails with EIO, and other calls fail with EIO; `kill`: SIGKILL before the call; `stall`: 2.8 s pass before it; `count`: a line in the report, no more. */
  readonly how: 'EIO' | 'ENOSPC' | 'EROFS' | 'short' | 'torn' | 'kill' | 'stall' | 'count';
  /** The first call that is hit, from 1, and how many are; all that follow if it is left out. */
  readonly from?: number;
  readonly times?: number;
}

export interface Shim {
  readonly env: NodeJS.ProcessEnv;
  /** The calls that were hit, as "<call> <path>". */
  hits(): string[];
}

let library: string | undefined;

/** Compiled once per test file. */
function build(): string {
  if (library !== undefined) return library;
  const folder = mkdtempSync(join(tmpdir(), 'cis490-shim-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  library = join(folder, 'shim.so');
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl']);
  return library;
}

/** The environment in which a program meets this fault. */
export function withFault({ below, calls, name = '', how, from = 1, times = 0 }: Fault): Shim {
  const report = join(temporaryFolder(), 'hits');
  const env = {
    LD_PRELOAD: build(),
    FAULT_BELOW: below,
    FAULT_CALLS: `,${calls.join(',')},`,
    FAULT_NAME: name,
    FAULT_HOW: String(how.startsWith('E') ? constants.errno[how as 'EIO'] : how),
    FAULT_FROM: String(from),
    FAULT_TIMES: String(times),
    FAULT_REPORT: report,
  };
  return { env, hits: () => (existsSync(report) ? readFileSync(report, 'utf8').split('\n').slice(0, -1) : []) };
}

/** The environment in which a program's wall clock goes as it is told; the machine's own is left alone. */
export function withWallClock(): { readonly env: NodeJS.ProcessEnv; setOffset(seconds: number): void } {
  const file = join(temporaryFolder(), 'offset');
  const setOffset = (seconds: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(seconds) * NS_PER_S);
    writeFileSync(file, bytes, { flag: existsSync(file) ? 'r+' : 'w' }); // never empty: the program has it mapped
  };
  setOffset(0);
  return { env: { LD_PRELOAD: build(), FAULT_CLOCK: file }, setOffset };
}
