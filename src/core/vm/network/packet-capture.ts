import { type ChildProcess, spawn } from 'node:child_process';
import { CisError } from '../../errors/cis-error.js';
import { errorMessage } from '../../errors/describe-error.js';
import { CappedFile } from '../../files/capped-file.js';
import { readProcessStat } from '../../procfs/process-stat.js';
import { endFamily } from '../../targets/process-family.js';
import type { TargetEvent } from '../../targets/target.js';
import { captureCommand } from './capture-command.js';
import { PcapLimiter } from './pcap-limiter.js';

const LIMIT_BYTES = 256 * 1024 * 1024;
const START_TIMEOUT_MS = 10_000;
const STDERR_TAIL = 2_000;

/** The first that it says. */
const LISTENING = /^tcpdump: listening on .*\n/m;
const CAPTURE_VARIABLE = 'CIS490_CAPTURE';

export interface CaptureFigures {
  /** Null where tcpdump did not live to tell them. */
  readonly packets: number | null;
  readonly dropped_by_kernel: number | null;
  /** In the artifact. */
  readonly bytes: number;
  /** Of whole packets that came after the artifact had reached its limit. */
  readonly truncated_bytes: number;
}

export interface CaptureOptions {
  readonly qemuPid: number;
  readonly path: string;
  readonly marks: Readonly<Record<string, string>>;
  onEvent(event: TargetEvent): void;
}

/** tcpdump on the guest's tap, from outside the guest: what it sends and gets, into an artifact of a limited size. */
export class PacketCapture {
  readonly #child: ChildProcess;
  readonly #o: CaptureOptions;
  readonly #artifact: CappedFile;
  readonly #limiter: PcapLimiter;
  readonly #startTimeTicks: bigint | null;
  readonly #ended: Promise<string>;
  #said = '';
  #isStopping = false;
  #stopping: Promise<boolean> | undefined;
  #diedEarly = false;

  private constructor(child: ChildProcess, options: CaptureOptions) {
    this.#child = child;
    this.#o = options;
    this.#artifact = new CappedFile(options.path, LIMIT_BYTES);
    this.#limiter = new PcapLimiter(LIMIT_BYTES, (bytes) => this.#artifact.write(bytes));
    this.#startTimeTicks =
      child.pid === undefined ? null : (readProcessStat('/proc', child.pid)?.startTimeTicks ?? null);
    child.stdout!.on('data', (chunk: Buffer) => this.#limiter.write(chunk));
    child.stderr!.on(
      'data',
      (chunk: Buffer) => (this.#said = (this.#said + chunk.toString('latin1')).slice(-STDERR_TAIL)),
    );
    this.#ended = new Promise((resolve) =>
      child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`)),
    );
    void this.#ended.then((how) => this.#onEnd(how));
  }

  /** Resolves when it listens: no packet from here on is missed. Throws SYSTEM_REFUSED, LAB_TOOL_MISSING. */
  static async start(options: CaptureOptions): Promise<PacketCapture> {
    const [program, ...args] = captureCommand(options.qemuPid) as [string, ...string[]];
    const env = { PATH: process.env.PATH, ...marksOf(options) };
    const child = spawn(program, args, { env, cwd: '/', detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const failed = new Promise<string>((resolve) => child.once('error', (error) => resolve(errorMessage(error))));
    child.on('error', () => {}); // a failed kill; the exit is what counts
    const capture = new PacketCapture(child, options);
    const why = await Promise.race([failed, capture.#untilListening()]);
    if (why === null) return capture;
    await capture.stop();
    throw new CisError('SYSTEM_REFUSED', `the guest's packets can not be captured: ${why}`, {
      hint: 'Does "tcpdump -i lo" work as root? Else record without "capture".',
    });
  }

  get figures(): CaptureFigures {
    const count = (pattern: RegExp) => {
      const digits = pattern.exec(this.#said)?.[1];
      return digits === undefined ? null : Number(digits);
    };
    return {
      packets: count(/^(\d+) packets? captured$/m),
      dropped_by_kernel: count(/^(\d+) packets? dropped by kernel$/m),
      bytes: this.#artifact.written,
      truncated_bytes: this.#limiter.dropped + this.#artifact.dropped,
    };
  }

  /** What of the record is missing, a sentence each. */
  get lacks(): readonly string[] {
    const { packets, dropped_by_kernel } = this.figures;
    return [
      ...(this.#diedEarly ? ['the packet capture ended before the episode did'] : []),
      ...(packets === null && !this.#diedEarly ? ['the packet capture did not tell how many packets it lost'] : []),
      ...((dropped_by_kernel ?? 0) > 0 ? [`the packet capture lost ${dropped_by_kernel} packets`] : []),
    ];
  }

  /** Lets it write what it has, and ends it. Idempotent, never throws. Returns whether it is gone. */
  stop(): Promise<boolean> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<boolean> {
    const { pid } = this.#child;
    this.#isStopping = true;
    const leader = pid === undefined ? null : { pid, startTimeTicks: this.#startTimeTicks };
    const isGone = leader === null || (await endFamily({ leader, marks: marksOf(this.#o) }));
    if (pid !== undefined && isGone) await this.#ended;
    this.#artifact.close();
    const { dropped_by_kernel } = this.figures;
    if ((dropped_by_kernel ?? 0) > 0) this.#tell('packets_dropped', { dropped_by_kernel });
    return isGone;
  }

  #onEnd(how: string): void {
    this.#diedEarly = !this.#isStopping;
    if (!this.#diedEarly) return;
    this.#tell('capture_ended', { reason: printable(this.#said.replace(LISTENING, '')) || how });
  }

  #tell(code: string, fields: TargetEvent['fields']): void {
    this.#o.onEvent({ source: 'network', code, atMonoNs: process.hrtime.bigint(), fields });
  }

  /** Null when it does; else why it does not. */
  #untilListening(): Promise<string | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve('tcpdump did not start in time'), START_TIMEOUT_MS);
      const decide = (why: string | null) => {
        clearTimeout(timer);
        resolve(why);
      };
      this.#child.stderr!.on('data', () => LISTENING.test(this.#said) && decide(null));
      void this.#ended.then(() => decide(printable(this.#said) || 'tcpdump ended at once'));
    });
  }
}

/** QEMU bears the episode's marks too, and is not to end with it. */
const marksOf = ({ marks }: CaptureOptions) => ({ ...marks, [CAPTURE_VARIABLE]: '1' });

/** One line for a message. */
function printable(text: string): string {
  return text
    .trim()
    .replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 500);
}
