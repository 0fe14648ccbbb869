import type { PlannedVm } from '../../config/plan.js';
import type { TargetEvent } from '../../targets/target.js';
import type { SystemUser } from '../system-user.js';
import type { VirtualMachine } from '../virtual-machine.js';
import { requireCaptureTools } from './capture-command.js';
import { type Containment, testContainment } from './containment-test.js';
import { namespaceWrapper, requireRoot } from './namespace.js';
import { type CaptureFigures, PacketCapture } from './packet-capture.js';

export interface PrepareNetworkOptions {
  readonly planned: Pick<PlannedVm, 'network' | 'capture'>;
  /** Whom QEMU runs as. */
  readonly user: SystemUser | null;
  /** What every process of the episode inherits. */
  readonly marks: Readonly<Record<string, string>>;
  onEvent(event: TargetEvent): void;
}

/** What meta.json says of it. */
export interface NetworkFacts {
  readonly mode: PlannedVm['network'];
  readonly containment: Containment | null;
  /** Null where packets were not captured. */
  readonly capture: CaptureFigures | null;
}

/** How a machine is connected, and the proof that it reaches nothing else. */
export class MachineNetwork {
  /** Words in front of QEMU's command line. */
  readonly wrapper: readonly string[];
  readonly #o: PrepareNetworkOptions;
  #containment: Containment | null = null;
  #capture: PacketCapture | null = null;

  constructor(wrapper: readonly string[], options: PrepareNetworkOptions) {
    this.wrapper = wrapper;
    this.#o = options;
  }

  get facts(): NetworkFacts {
    const capture = this.#capture?.figures ?? null;
    return { mode: this.#o.planned.network, containment: this.#containment, capture };
  }

  /** What of the network's record is missing, a sentence each. */
  get lacks(): readonly string[] {
    return this.#capture?.lacks ?? [];
  }

  /** Gives the guest its address, and tries from inside what must not be reached. Throws NETWORK_NOT_CONTAINED, AGENT_* errors. */
  async contain({ agent }: Pick<VirtualMachine, 'agent'>): Promise<void> {
    this.#containment = await testContainment(agent, this.#o.planned.network);
  }

  /** Captures packets from here on, if that is wanted. Throws SYSTEM_REFUSED. */
  async startCapture({ qemu }: Pick<VirtualMachine, 'qemu'>, path: string): Promise<void> {
    const { planned, marks, onEvent } = this.#o;
    if (planned.capture) this.#capture = await PacketCapture.start({ qemuPid: qemu.pid, path, marks, onEvent });
  }

  /** Ends the capture; it has to be called while QEMU is still there. Idempotent, never throws. */
  async conclude(): Promise<void> {
    await this.#capture?.stop();
  }

  droppedBytes(): number {
    return this.#capture?.figures.truncated_bytes ?? 0;
  }

  /** Idempotent. Returns whether all is gone. */
  async close(): Promise<boolean> {
    return (await this.#capture?.stop()) ?? true;
  }
}

/** Throws LAB_TOOL_MISSING, or SYSTEM_REFUSED where root is needed. */
export function prepareNetwork(options: PrepareNetworkOptions): MachineNetwork {
  const { planned, user } = options;
  if (planned.network !== 'isolated') return new MachineNetwork([], options);
  requireRoot();
  if (planned.capture) requireCaptureTools();
  return new MachineNetwork(namespaceWrapper(user), options);
}
