import { CisError } from '../../errors/cis-error.js';
import { dieWithRecorder, resolveExecutable } from '../../targets/executable.js';
import { QEMU } from '../../vm/qemu-process.js';
import { unprivilegedUser } from '../../vm/system-user.js';
import { resolvePackages } from '../image/apt.js';
import { type LabImage, readImage } from '../image/read-image.js';
import { BUILD_TOOLS, PACKAGES } from '../image/recipe.js';
import { remedyFor, requireTools } from '../run-tool.js';
import { isKvmUsable } from './kvm.js';
import { probeNamespaces } from './namespaces.js';
import { ok, type ProbeItem, partial, tryProgram, unavailable } from './probe-item.js';

const VERSION_TIMEOUT_MS = 10_000;
const TRIAL_TIMEOUT_MS = 30_000;

export interface LabProbe {
  /** Whether an episode with a `qemu` target could run here. */
  readonly canRecord: boolean;
  readonly items: readonly ProbeItem[];
}

/** What this machine can do for the lab, found by trying. Leaves nothing behind but the verdict on KVM, in the lab's folder. */
export async function probeLab(): Promise<LabProbe> {
  const qemu = await tryProgram('qemu', {
    argv: [QEMU, '--version'],
    timeoutMs: VERSION_TIMEOUT_MS,
    remedy: 'Install it anew: "apt-get install --reinstall qemu-system-x86".',
  });
  const { image, item } = probeImage();
  const items = [
    qemu,
    await probeKvm(qemu, image),
    item,
    await probeBuildTools(),
    await tryVersion('qemu_img', 'qemu-img'),
    await probeNamespaces(),
    probeSetpriv(),
    await probePerf(),
    await probeBpftrace(),
    await probeTcpdump(),
  ];
  return { canRecord: [qemu, item].every(({ status }) => status === 'ok'), items };
}

async function probeKvm(qemu: ProbeItem, image: LabImage | null): Promise<ProbeItem> {
  if (qemu.status !== 'ok') return unavailable('kvm', 'without QEMU it can not be tried', qemu.remedy);
  const options = {
    qemu: resolveExecutable(QEMU, '/')!,
    qemuVersion: qemu.detail ?? '',
    image,
    user: unprivilegedUser(),
  };
  const { isUsable, reason, remedy, trial } = await isKvmUsable(options);
  return isUsable ? ok('kvm', `a guest boots (${trial})`) : unavailable('kvm', reason!, remedy);
}

function probeImage(): { readonly image: LabImage | null; readonly item: ProbeItem } {
  try {
    const image = readImage();
    return { image, item: ok('image', `${image.manifest.id}, kernel ${image.manifest.kernel.release}`) };
  } catch (error) {
    if (!(error instanceof CisError)) throw error;
    return { image: null, item: unavailable('image', error.message, error.hint) };
  }
}

/** Programs, and what apt's index has. */
async function probeBuildTools(): Promise<ProbeItem> {
  try {
    requireTools(BUILD_TOOLS);
    await resolvePackages(PACKAGES);
    return ok('build_tools', BUILD_TOOLS.join(', '));
  } catch (error) {
    if (!(error instanceof CisError)) throw error;
    return unavailable('build_tools', error.message, error.hint);
  }
}

function probeSetpriv(): ProbeItem {
  const [path] = dieWithRecorder();
  if (path !== undefined) return ok('setpriv', path);
  return partial(
    'setpriv',
    'there is no setpriv of util-linux: a QEMU outlives a recorder that is killed, until the next start, and root can not run any',
    remedyFor('setpriv'),
  );
}

const tryVersion = (name: string, program: string): Promise<ProbeItem> =>
  tryProgram(name, {
    argv: [program, '--version'],
    timeoutMs: VERSION_TIMEOUT_MS,
    remedy: `Install it anew. ${remedyFor(program)}`,
  });

const probePerf = (): Promise<ProbeItem> =>
  tryProgram('perf', {
    argv: ['perf', 'stat', '-x', ',', '-e', 'task-clock', '--log-fd', '1', '--', 'true'],
    timeoutMs: TRIAL_TIMEOUT_MS,
    detail: 'counts the CPU time of a program',
    remedy: '"sysctl kernel.perf_event_paranoid=1" as root, or run cis490 as root.',
  });

const probeBpftrace = (): Promise<ProbeItem> =>
  tryProgram('bpftrace', {
    argv: ['bpftrace', '-e', 'BEGIN { exit(); }'],
    timeoutMs: TRIAL_TIMEOUT_MS,
    detail: 'runs a program in the kernel',
    remedy: 'Run cis490 as root, with tracefs mounted: "mount -t tracefs tracefs /sys/kernel/tracing".',
  });

/** It captures in the network namespace of an isolated machine, which root alone can enter. */
async function probeTcpdump(): Promise<ProbeItem> {
  const found = await tryVersion('tcpdump', 'tcpdump');
  if (found.status !== 'ok' || process.getuid?.() === 0) return found;
  return partial('tcpdump', 'capturing needs root', 'Run cis490 as root.', found.detail);
}
