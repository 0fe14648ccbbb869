import type { TargetExit } from '../targets/target.js';

/** What guest-exec-status says (qga/qapi-schema.json), as far as it can be so: each part is the guest's word. */
export interface ExecStatus {
  /** Null while it runs. Code and signal are both null where the agent tells what no process can end with. */
  readonly exit: TargetExit | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** How many of the two the agent has kept in part only. */
  readonly truncated: number;
}

const MAX_EXIT_CODE = 255;
/** SIGRTMAX. */
const MAX_SIGNAL = 64;
const NOTHING = Buffer.alloc(0);

/** Null if it makes no sense; never throws. */
export function execStatusOf(value: unknown): ExecStatus | null {
  if (typeof value !== 'object' || value === null) return null;
  const { exited, exitcode, signal, ...output } = value as Readonly<Record<string, unknown>>;
  // output comes with the exit: an agent that sends it each time it is asked wants to keep us busy
  if (exited === false && Object.keys(output).length === 0)
    return { exit: null, stdout: NOTHING, stderr: NOTHING, truncated: 0 };
  if (exited !== true) return null;
  return {
    exit: { code: within(exitcode, 0, MAX_EXIT_CODE), signal: signalName(within(signal, 1, MAX_SIGNAL)) },
    stdout: decoded(output['out-data']),
    stderr: decoded(output['err-data']),
    truncated: [output['out-truncated'], output['err-truncated']].filter((is) => is === true).length,
  };
}

function within(value: unknown, least: number, most: number): number | null {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most ? Number(value) : null;
}

function decoded(base64: unknown): Buffer {
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : NOTHING;
}

/** The agent tells numbers; those of x86 and ARM are the same. */
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
};

function signalName(number: number | null): string | null {
  return number === null ? null : (SIGNALS[number] ?? `SIG${number}`);
}
