import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CisError } from '../errors/cis-error.js';
import { errorCode, errorMessage } from '../errors/describe-error.js';
import { AgentClient } from '../guest/agent-client.js';
import { QmpClient } from '../qmp/qmp-client.js';
import type { QmpEvent } from '../qmp/qmp-message.js';
import { HandedFiles } from './handed-files.js';
import { MachineFate } from './machine-fate.js';
import type { MachineSpec } from './machine-spec.js';
import { createDisks } from './overlay-disks.js';
import { qemuArguments, SOCKETS } from './qemu-arguments.js';
import { QemuProcess } from './qemu-process.js';
import { createRunFolder, type RunFolder } from './run-folder.js';
import type { SystemUser } from './system-user.js';

const POLL_MS = 5;
/** From its start until its monitor greets. */
const MONITOR_TIMEOUT_MS = 10_000;
const QUIT_TIMEOUT_MS = 500;
const RESTORE_TIMEOUT_MS = 30_000;

export interface StartMachineOptions {
  readonly spec: MachineSpec;
  readonly user: SystemUser | null;
  /** What every process of it inherits. */
  readonly marks: Readonly<Record<string, string>>;
  readonly wrapper: readonly string[];
  /** A saved state to go on from. */
  readonly statePath: string | null;
  /** Ends it, also while it is being started. */
  readonly signal: AbortSignal;
  onEvent(event: QmpEvent): void;
  onConsole(chunk: Buffer): void;
  onMessage(chunk: Buffer): void;
}

/** A virtual machine from its start until nothing of it is left. */
export class VirtualMachine {
  readonly qemu: QemuProcess;
  readonly qmp: QmpClient;
  readonly agent: AgentClient;
  readonly run: RunFolder;
  readonly argv: readonly string[];
  readonly fate: MachineFate;
  /** From the beginning of its start to its agent's first answer; CLOCK_MONOTONIC, nanoseconds. */
  toAgentNs: bigint | null = null;
  readonly #startedNs: bigint;
  readonly #voice: Voice;

  private constructor(
    parts: Pick<VirtualMachine, 'qemu' | 'qmp' | 'agent' | 'run' | 'argv' | 'fate'>,
    startedNs: bigint,
    voice: Voice,
  ) {
    this.#startedNs = startedNs;
    this.#voice = voice;
    ({ qemu: this.qemu, qmp: this.qmp, agent: this.agent } = parts);
    ({ run: this.run, argv: this.argv, fate: this.fate } = parts);
  }

  /** Builds it, and lets it go: a cold boot, or on from a saved state. Throws TARGET_UNSTARTABLE, LAB_TOOL_MISSING. */
  static async start(options: StartMachineOptions): Promise<VirtualMachine> {
    const startedNs = process.hrtime.bigint();
    const { spec, user, marks, wrapper, statePath, signal, onConsole, onMessage } = options;
    signal.throwIfAborted();
    const run = createRunFolder(user);
    const files = new HandedFiles(run, user);
    const fate = new MachineFate();
    const voice: Voice = { tell: options.onEvent };
    let qemu: QemuProcess | undefined;
    const giveUp = () => void qemu?.close();
    try {
      const argv = await commandLine(spec, { run, files, user, statePath, signal });
      qemu = await QemuProcess.start({
        args: argv,
        cwd: run.path,
        user,
        fds: files.fds,
        wrapper,
        marks,
        onConsole,
        onMessage,
      });
      signal.addEventListener('abort', giveUp); // who waits for it hears of that
      signal.throwIfAborted();
      const { qmp, agent } = await connect(qemu, run, (event) => {
        fate.take(event);
        voice.tell(event);
      });
      if (statePath !== null) await untilRestored(qmp);
      await qmp.execute('cont');
      if (statePath !== null) agent.setOpen(true); // the port was open when the state was saved
      return new VirtualMachine({ qemu, qmp, agent, run, argv, fate }, startedNs, voice);
    } catch (error) {
      voice.tell = () => {};
      await qemu?.close();
      run.remove();
      throw explain(error, qemu);
    } finally {
      signal.removeEventListener('abort', giveUp);
      files.close();
    }
  }

  /** Resolves when the guest's agent answers. Throws GUEST_UNREACHABLE. */
  async untilAgent(timeoutMs: number): Promise<void> {
    const { qemu, agent } = this;
    try {
      await agent.ready(timeoutMs);
      this.toAgentNs = process.hrtime.bigint() - this.#startedNs;
    } catch (error) {
      const isGone = errorCode(error) === 'AGENT_CLOSED';
      const how = isGone ? 'ended before its agent answered' : `did not reach its agent in ${timeoutMs / 1e3} s`;
      const tail = qemu.consoleTail || qemu.messagesTail;
      throw new CisError('GUEST_UNREACHABLE', `the virtual machine ${how}`, {
        cause: error,
        problems: tail === '' ? [] : [`the last it showed: ${tail}`],
        ...(isGone && { hint: 'Has it enough memory ("target.memory"), and does its kernel fit its disk?' }),
      });
    }
  }

  /** Ends it and removes what it used. Idempotent, never throws. Returns whether all is gone. */
  async close(): Promise<boolean> {
    this.#voice.tell = () => {}; // that it shuts down now is our own doing
    // asked to, it leaves without a word; if it is stopped, signals reach it
    if (!this.qemu.hasExited) await this.qmp.execute('quit', {}, { timeoutMs: QUIT_TIMEOUT_MS }).catch(() => {});
    const isGone = await this.qemu.close();
    this.agent.close();
    this.qmp.close();
    return this.run.remove() && isGone;
  }
}

/** Whom a machine tells of its events, as long as that is wanted. */
interface Voice {
  tell(event: QmpEvent): void;
}

interface Materials {
  readonly run: RunFolder;
  readonly files: HandedFiles;
  readonly user: SystemUser | null;
  readonly statePath: string | null;
  readonly signal: AbortSignal;
}

async function commandLine(spec: MachineSpec, { run, files, user, statePath, signal }: Materials): Promise<string[]> {
  const { disks, fdSets } = await createDisks(spec.disks, { run, files, user, signal });
  const kernel = spec.kernelPath === null ? null : files.name(spec.kernelPath);
  const initrd = spec.initrdPath === null ? null : files.name(spec.initrdPath);
  const stateFd = statePath === null ? null : files.add(statePath);
  return qemuArguments(spec, { kernel, initrd, disks, fdSets, stateFd }, randomUUID());
}

/** The monitor's socket is there a moment after QEMU is. */
async function connect(
  qemu: QemuProcess,
  run: RunFolder,
  onEvent: (event: QmpEvent) => void,
): Promise<{ qmp: QmpClient; agent: AgentClient }> {
  const deadline = performance.now() + MONITOR_TIMEOUT_MS;
  let agent: AgentClient | undefined;
  const listener = (event: QmpEvent) => {
    if (event.name === 'VSERPORT_CHANGE' && event.data.id === 'agentport') agent?.setOpen(event.data.open === true);
    onEvent(event);
  };
  for (;;) {
    let qmp: QmpClient | undefined;
    try {
      qmp = await QmpClient.connect(run.socket(SOCKETS.control), { onEvent: listener });
      agent = await AgentClient.connect(run.socket(SOCKETS.agent));
      return { qmp, agent };
    } catch (error) {
      qmp?.close(); // a monitor takes one client
      if (qemu.hasExited || performance.now() > deadline) throw error;
      await delay(POLL_MS);
    }
  }
}

async function untilRestored(qmp: QmpClient): Promise<void> {
  const deadline = performance.now() + RESTORE_TIMEOUT_MS;
  for (;;) {
    const { status } = await qmp.execute<{ status: string }>('query-status');
    if (status !== 'inmigrate') return;
    if (performance.now() > deadline) throw new Error(`the saved state was not read within ${RESTORE_TIMEOUT_MS} ms`);
    await delay(POLL_MS);
  }
}

function explain(error: unknown, qemu: QemuProcess | undefined): unknown {
  if (error instanceof CisError) return error;
  const said = qemu?.messagesTail ?? '';
  return new CisError('TARGET_UNSTARTABLE', `QEMU could not be started: ${said === '' ? errorMessage(error) : said}`, {
    cause: error,
    hint: 'Check "target.args", and try a smaller "target.memory".',
  });
}
