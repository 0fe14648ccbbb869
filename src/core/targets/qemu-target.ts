import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedVm } from '../config/plan.js';
import type { TargetView } from '../contract/collector.js';
import { CisError } from '../errors/cis-error.js';
import { CappedFile } from '../files/capped-file.js';
import { type ActionGroup, createActionGroup } from '../guest/action-group.js';
import { ActionWatch } from '../guest/action-watch.js';
import { AgentError } from '../guest/agent-protocol.js';
import { serveFiles } from '../guest/file-server.js';
import type { Guest } from '../guest/guest.js';
import { startGuestAction } from '../guest/guest-action.js';
import { type ClockOffset, measureOffset, setTime } from '../guest/guest-clock.js';
import { type GuestFacts, readGuestFacts } from '../guest/guest-facts.js';
import { reseed } from '../guest/reseed.js';
import { uncleanState } from '../guest/unclean-state.js';
import { labFolder } from '../lab/lab-folder.js';
import { readUser } from '../procfs/process-list.js';
import { recorderMark } from '../recorder/recorder-mark.js';
import { redactArgv } from '../redaction/redact-argv.js';
import type { WallAnchor } from '../time/wall-anchor.js';
import { findMachineFiles } from '../vm/machine-files.js';
import { type Launched, launchMachine } from '../vm/machine-launcher.js';
import { type MachineNetwork, prepareNetwork } from '../vm/network/machine-network.js';
import { requireQemuImg } from '../vm/overlay-disks.js';
import { SOCKETS } from '../vm/qemu-arguments.js';
import { asUser, qemuVersion, requireQemu } from '../vm/qemu-process.js';
import { SavedStates } from '../vm/saved-state.js';
import { unprivilegedUser } from '../vm/system-user.js';
import { EPISODE_VARIABLE, RECORDER_VARIABLE } from './orphans.js';
import { QmpEvents } from './qmp-events.js';
import type {
  ActionRequest,
  PhaseAction,
  Target,
  TargetEvent,
  TargetExit,
  TargetFacts,
  TargetFailure,
} from './target.js';

const NS_PER_MS = 1e6;
const CONSOLE_LIMIT_BYTES = 16 * 1024 * 1024;
const CONCLUDE_TIMEOUT_MS = 2_000;

/** What a dry run can tell of a machine: whether all is there. Throws what `prepare` would of what is missing. */
export async function requireMachine(planned: PlannedVm): Promise<void> {
  await qemuVersion(); // that it is there, and works
  const user = unprivilegedUser();
  asUser(user);
  if (planned.disk !== null || planned.scratchBytes !== null) requireQemuImg();
  prepareNetwork({ planned, user, marks: {}, onEvent() {} });
  await (await findMachineFiles(planned)).verified;
}

export interface QemuTargetOptions {
  readonly planned: PlannedVm;
  readonly episodeId: string;
  artifact(name: string): string;
}

/**
 * A virtual machine as target: booted or restored before the origin, its QEMU process watched from outside, its guest
 * driven through the agent. Whatever happens, nothing of it is left.
 */
export class QemuTarget implements Target {
  readonly exited: Promise<TargetExit>;
  readonly failed: Promise<TargetFailure>;
  readonly #o: QemuTargetOptions;
  readonly #givenUp = new AbortController();
  readonly #console: CappedFile;
  readonly #messages: CappedFile;
  #preparing: Promise<void> | undefined;
  #launched: Launched | undefined;
  #network: MachineNetwork | undefined;
  #guestFacts: GuestFacts | undefined;
  #anchor: WallAnchor | undefined;
  readonly #clock: { start: ClockOffset | null; end: ClockOffset | null } = { start: null, end: null };
  #unclean: readonly string[] = [];
  #machineFacts: Readonly<Record<string, unknown>> = {};
  #setExited!: (exit: TargetExit) => void;
  #setFailed!: (failure: TargetFailure) => void;
  readonly #events = new QmpEvents();
  #actionGroup: ActionGroup | undefined;
  #watch: ActionWatch | undefined;
  #actions = 0;

  constructor(options: QemuTargetOptions) {
    this.#o = options;
    this.#console = new CappedFile(options.artifact('console.log'), CONSOLE_LIMIT_BYTES);
    this.#messages = new CappedFile(options.artifact('qemu.log'), CONSOLE_LIMIT_BYTES);
    this.exited = new Promise((resolve) => (this.#setExited = resolve));
    this.failed = new Promise((resolve) => (this.#setFailed = resolve));
  }

  get view(): TargetView {
    const machine = this.#launched?.machine;
    return {
      type: 'qemu',
      pid: machine?.qemu.pid ?? null,
      startTimeTicks: machine?.qemu.startTimeTicks ?? null,
      ...(machine && { qmpSocket: machine.run.socket(SOCKETS.monitor) }),
    };
  }

  get facts(): TargetFacts {
    const machine = this.#launched?.machine;
    return {
      type: 'qemu',
      pid: machine?.qemu.pid ?? null,
      start_time_ticks: machine?.qemu.startTimeTicks ?? null,
      comm: null,
      exe: machine?.qemu.executable ?? null,
      argv: machine === undefined ? null : redactArgv(machine.argv),
      is_vm: true,
      machine: { ...this.#machineFacts, ...(this.#network && { network: this.#network.facts }) },
    };
  }

  get guest(): Guest | null {
    const agent = this.#launched?.machine.agent;
    if (agent === undefined || this.#guestFacts === undefined) return null;
    return { facts: this.#guestFacts, clock: this.#clock, serveFiles: () => serveFiles(agent) };
  }

  prepare(anchor: WallAnchor): Promise<void> {
    this.#preparing = this.#prepare(anchor).catch((error: unknown) => {
      throw this.#explained(error);
    });
    return this.#preparing;
  }

  /** A disk alone is booted from, which is not what it was given for if it is one of data. */
  #explained(error: unknown): unknown {
    if (error instanceof AgentError)
      return new CisError('GUEST_UNREACHABLE', `the guest could not be prepared: ${error.message}`, { cause: error });
    const { image, kernel, disk } = this.#o.planned;
    const isUnreachable = error instanceof CisError && error.code === 'GUEST_UNREACHABLE';
    if (!isUnreachable || image !== null || kernel !== null || disk === null) return error;
    const hint = `It was booted from its disk ${disk.path} alone; if that holds data only, add "image: lab".`;
    return new CisError(error.code, error.message, { problems: error.problems, hint, cause: error });
  }

  async #prepare(anchor: WallAnchor): Promise<void> {
    const { planned, episodeId } = this.#o;
    const begunNs = process.hrtime.bigint();
    this.#anchor = anchor;
    this.#console.touch();
    requireQemu(); // of all that may be missing it is told first
    const files = await findMachineFiles(planned);
    const user = unprivilegedUser();
    const marks = { [EPISODE_VARIABLE]: episodeId, [RECORDER_VARIABLE]: recorderMark() };
    const network = prepareNetwork({ planned, user, marks, onEvent: (event) => this.#events.tell(event) });
    this.#network = network;
    const launched = await launchMachine({
      planned,
      files,
      states: new SavedStates(join(labFolder(), 'states')),
      signal: this.#givenUp.signal,
      common: {
        user,
        wrapper: network.wrapper,
        marks,
        onEvent: (event) => this.#events.add(event),
        onConsole: (chunk) => this.#console.write(chunk),
        onMessage: (chunk) => this.#messages.write(chunk),
      },
    }).catch(async (error: unknown) => {
      await files.verified; // a damaged image need not boot
      throw error;
    });
    this.#launched = launched;
    await files.verified;
    const { machine, spec, start } = launched;
    const { agent } = machine;
    const { fate } = machine;
    void machine.qemu.exited.then((exit) =>
      this.#setExited({ ...exit, ...(fate.shutdown !== undefined && { reason: fate.shutdown }) }),
    );
    void fate.failed.then(this.#setFailed);
    const random = await reseed(agent, randomBytes);
    this.#actionGroup = await createActionGroup(agent);
    this.#watch = new ActionWatch(agent);
    await network.contain(machine);
    await network.startCapture(machine, this.#o.artifact('capture.pcap'));
    this.#guestFacts = await readGuestFacts(agent);
    await setTime(agent, anchor);
    this.#clock.start = await measureOffset(agent, anchor);
    if (start.mode === 'restored') this.#unclean = uncleanState(random, this.#clock.start);
    this.#machineFacts = {
      qemu_version: machine.qmp.version,
      accelerator: spec.accel,
      user: readUser('/proc', machine.qemu.pid),
      files: files.identity,
      start: {
        ...start,
        to_agent_ns: machine.toAgentNs,
        to_ready_ns: process.hrtime.bigint() - begunNs,
        random,
        settle_ns: planned.settleNs,
      },
    };
    await delay(planned.settleNs / NS_PER_MS, undefined, { signal: this.#givenUp.signal });
  }

  /** It runs already: its first phase begins with the origin, and so does what all phases have alike. */
  release(): void {
    this.#watch!.start();
  }

  startAction(request: ActionRequest): Promise<PhaseAction> {
    const number = String(++this.#actions).padStart(6, '0'); // of one length, so that none is a part of another
    const token = `cis490-${this.#o.episodeId.toLowerCase()}-${number}`;
    return startGuestAction({
      ...request,
      agent: this.#launched!.machine.agent,
      group: this.#actionGroup!,
      watch: this.#watch!,
      token,
      stopped: this.failed,
    });
  }

  listen(listener: (event: TargetEvent) => void): void {
    this.#events.listen(listener);
  }

  async conclude(): Promise<void> {
    this.#watch?.stop();
    this.#events.flush();
    const machine = this.#launched?.machine;
    if (machine !== undefined && this.#anchor !== undefined && !machine.qemu.hasExited) {
      this.#clock.end = await measureOffset(machine.agent, this.#anchor, CONCLUDE_TIMEOUT_MS).catch(() => null);
    }
    await this.#network?.conclude();
  }

  get lacks(): readonly string[] {
    return [...this.#unclean, ...(this.#network?.lacks ?? [])];
  }

  droppedBytes(): number {
    return this.#console.dropped + this.#messages.dropped + (this.#network?.droppedBytes() ?? 0);
  }

  async close(): Promise<boolean> {
    this.#watch?.stop();
    this.#events.listen(() => {}); // that it shuts down now is our own doing
    this.#givenUp.abort(new Error('the start was given up'));
    await this.#preparing?.catch(() => {});
    const isNetworkGone = (await this.#network?.close()) ?? true;
    const isGone = (await this.#launched?.machine.close()) ?? true;
    this.#console.close();
    this.#messages.close();
    return isGone && isNetworkGone;
  }
}
