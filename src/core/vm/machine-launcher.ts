import type { PlannedVm } from '../config/plan.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { isKvmUsable } from '../lab/probe/kvm.js';
import { hostCpu } from './host-cpu.js';
import type { MachineFiles } from './machine-files.js';
import type { MachineSpec } from './machine-spec.js';
import { qemuVersion, requireQemu } from './qemu-process.js';
import type { SavedState, SavedStates } from './saved-state.js';
import { type StartMachineOptions, VirtualMachine } from './virtual-machine.js';

const NS_PER_MS = 1e6;
/** A guest that goes on from a saved state answers at once, or never; on a machine that is busy it takes its time as a boot does. */
const RESTORED_TIMEOUT_MS = 10_000;

export interface LaunchOptions {
  readonly planned: PlannedVm;
  readonly files: MachineFiles;
  readonly states: Pick<SavedStates, 'find' | 'save' | 'discard'>;
  /** What is the same for each machine that is started. */
  readonly common: Pick<StartMachineOptions, 'user' | 'marks' | 'wrapper' | 'onEvent' | 'onConsole' | 'onMessage'>;
  /** Whether the start was given up meanwhile. */
  readonly signal: AbortSignal;
  readonly start?: (options: StartMachineOptions) => Promise<VirtualMachine>;
}

/** A machine whose agent answers, and what it started from. */
export interface Launched {
  readonly machine: VirtualMachine;
  readonly spec: MachineSpec;
  readonly start: {
    readonly mode: 'restored' | 'cold';
    /** The saved state's own; null after a cold boot. */
    readonly state_id: string | null;
    /** Why it was booted although it was to be restored. */
    readonly fallback: string | null;
  };
}

/** Starts a planned machine from a clean state: the saved one, which is made where there is none, or a cold boot. */
export async function launchMachine(options: LaunchOptions): Promise<Launched> {
  const { planned } = options;
  const spec = await specify(options);
  const host = spec.accel === 'kvm' ? hostCpu() : null; // emulation is the same anywhere
  const identity = { ...options.files.identity, qemu: await qemuVersion(), host };
  if (planned.start === 'cold') return { ...(await boot(spec, options)), start: coldStart(null) };
  let state: SavedState;
  try {
    state = options.states.find(spec, identity) ?? (await bootAndSave(spec, identity, options));
  } catch (error) {
    if (error instanceof CisError) throw error; // it did not boot: nor would it a second time
    return bootInstead(spec, options, error);
  }
  try {
    return await restore(spec, state, options);
  } catch (error) {
    options.signal.throwIfAborted(); // which is no fault of the state's
    options.states.discard(state);
    return bootInstead(spec, options, error);
  }
}

async function specify(options: LaunchOptions): Promise<MachineSpec> {
  const { planned, files } = options;
  const { memoryBytes, cpus, cpu, args, network } = planned;
  const { kernelPath, initrdPath, append, disks } = files;
  const accel = await chooseAccelerator(options);
  return { memoryBytes, cpus, cpu, args, network, kernelPath, initrdPath, append, disks, accel };
}

/** Throws TARGET_UNSTARTABLE where KVM is asked for and not to be had. */
async function chooseAccelerator({ planned, files, common, signal }: LaunchOptions): Promise<'kvm' | 'tcg'> {
  const { accel } = planned;
  if (accel === 'tcg') return 'tcg';
  const qemu = requireQemu();
  const { isUsable, reason } = await isKvmUsable({
    qemu,
    qemuVersion: await qemuVersion(),
    image: files.image,
    user: common.user,
    signal,
  });
  if (isUsable) return 'kvm';
  if (accel === 'auto') return 'tcg';
  throw new CisError('TARGET_UNSTARTABLE', `target.accel is "kvm", but ${reason}`, {
    hint: 'Use "accel: auto" or "accel: tcg"; "cis490 lab probe" says what KVM lacks.',
  });
}

const coldStart = (fallback: string | null): Launched['start'] => ({ mode: 'cold', state_id: null, fallback });

async function boot(spec: MachineSpec, options: LaunchOptions): Promise<Pick<Launched, 'machine' | 'spec'>> {
  const machine = await startUnlessGivenUp(spec, null, options);
  await untilAgent(machine, options.planned.bootTimeoutNs / NS_PER_MS);
  return { machine, spec };
}

async function bootAndSave(spec: MachineSpec, identity: unknown, options: LaunchOptions): Promise<SavedState> {
  const silent = { onEvent() {}, onConsole() {}, onMessage() {} };
  const { machine } = await boot(spec, { ...options, common: { ...options.common, ...silent } });
  try {
    await options.files.verified;
    return await options.states.save(machine, spec, identity);
  } finally {
    await machine.close();
  }
}

async function restore(spec: MachineSpec, state: SavedState, options: LaunchOptions): Promise<Launched> {
  const restored = { ...spec, disks: state.disks };
  const machine = await startUnlessGivenUp(restored, state.path, options);
  await untilAgent(machine, Math.max(RESTORED_TIMEOUT_MS, options.planned.bootTimeoutNs / NS_PER_MS));
  return { machine, spec, start: { mode: 'restored', state_id: state.id, fallback: null } };
}

async function bootInstead(spec: MachineSpec, options: LaunchOptions, error: unknown): Promise<Launched> {
  options.signal.throwIfAborted();
  return { ...(await boot(spec, options)), start: coldStart(errorMessage(error)) };
}

async function startUnlessGivenUp(
  spec: MachineSpec,
  statePath: string | null,
  { common, signal, start = VirtualMachine.start }: LaunchOptions,
): Promise<VirtualMachine> {
  signal.throwIfAborted();
  const machine = await start({ ...common, spec, statePath, signal });
  signal.addEventListener('abort', () => void machine.close(), { once: true });
  if (signal.aborted) await machine.close();
  signal.throwIfAborted();
  return machine;
}

async function untilAgent(machine: VirtualMachine, timeoutMs: number): Promise<void> {
  try {
    await machine.untilAgent(timeoutMs);
  } catch (error) {
    await machine.close();
    throw error;
  }
}
