import { accessSync, constants } from 'node:fs';
import { errorCode } from '../../errors/describe-error.js';
import type { SystemUser } from '../../vm/system-user.js';
import type { LabImage } from '../image/read-image.js';
import { labFolder } from '../lab-folder.js';
import { type KvmVerdict, recallVerdict, rememberVerdict } from './kvm-memory.js';
import { bootImage, bootSector } from './trial-boot.js';

export interface KvmOptions {
  /** QEMU's executable. */
  readonly qemu: string;
  /** As QEMU tells its version: another one may fare differently. */
  readonly qemuVersion: string;
  /** What to boot; without it a boot sector, which proves less. */
  readonly image: LabImage | null;
  /** Where the verdict is kept. */
  readonly lab?: string;
  /** `/dev/kvm` unless told. */
  readonly device?: string;
  /** Whom QEMU runs as. */
  readonly user: SystemUser | null;
  /** Throws its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Whether QEMU can really use KVM: told by a short boot, since the device may be there and a guest die all the same. The
 * verdict holds until this machine, QEMU or the image changes, and is kept, so that only the first start pays for it. A
 * trial that was merely too slow is not kept.
 */
export async function isKvmUsable(options: KvmOptions): Promise<KvmVerdict> {
  const { lab = labFolder(), device = '/dev/kvm', qemuVersion, image } = options;
  const obstacle = deviceObstacle(device);
  if (obstacle !== null) return obstacle;
  const key = { lab, qemuVersion, kernel: image?.manifest.kernel.sha256 ?? null };
  const known = recallVerdict(key);
  if (known !== null) return known;
  const { isBooted, isLate, reason } = await (image === null ? bootSector(options) : bootImage({ ...options, image }));
  options.signal?.throwIfAborted(); // which says nothing of KVM
  const verdict: KvmVerdict = {
    isUsable: isBooted,
    reason: isBooted ? null : `a guest does not boot under KVM here: ${reason}`,
    remedy: isBooted
      ? null
      : 'Nothing is lost but speed: QEMU emulates (TCG) instead. In a virtual machine, nested virtualisation has to work.',
    trial: image === null ? 'boot sector' : 'image',
  };
  if (!isLate) rememberVerdict(key, verdict);
  return verdict;
}

/** Rights may change at any time, so they are looked at each time. */
function deviceObstacle(device: string): KvmVerdict | null {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return null;
  } catch (error) {
    const isMissing = errorCode(error) === 'ENOENT';
    return {
      isUsable: false,
      reason: isMissing ? `there is no ${device}` : `${device} can not be opened: permission denied`,
      remedy: isMissing
        ? 'Switch virtualisation on in the firmware and load kvm_intel or kvm_amd. Until then QEMU emulates (TCG).'
        : 'Add yourself to its group: "usermod -aG kvm USER" as root, then log in again. Until then QEMU emulates (TCG).',
      trial: null,
    };
  }
}
