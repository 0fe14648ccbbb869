import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from '../../files/make-folders.js';
import { replaceFile } from '../../files/replace-file.js';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** What was found out about KVM. */
export interface KvmVerdict {
  readonly isUsable: boolean;
  /** Why not, as a sentence without its end; null where it is. */
  readonly reason: string | null;
  readonly remedy: string | null;
  /** What was booted; null where the device told enough. */
  readonly trial: 'image' | 'boot sector' | null;
}

/** What a verdict was reached with, and holds for. */
interface VerdictKey {
  readonly lab: string;
  readonly qemuVersion: string;
  /** The booted kernel's SHA-256; null for the boot sector. */
  readonly kernel: string | null;
}

/** The verdict of an earlier trial on this machine since it was booted, with the same QEMU and kernel; else null. */
export function recallVerdict(key: VerdictKey): KvmVerdict | null {
  try {
    const { key: digest, verdict } = JSON.parse(readFileSync(pathOf(key), 'utf8'));
    return digest === digestOf(key) && typeof verdict.isUsable === 'boolean' ? verdict : null;
  } catch {
    return null;
  }
}

/** Without a folder to keep it in, each start has to find out anew. */
export function rememberVerdict(key: VerdictKey, verdict: KvmVerdict): void {
  try {
    makeFolders(key.lab, { mode: 0o777 });
    replaceFile(pathOf(key), `${JSON.stringify({ key: digestOf(key), verdict }, null, 2)}\n`);
  } catch {
    // the verdict is as good
  }
}

const pathOf = ({ lab, kernel }: VerdictKey): string => join(lab, kernel === null ? 'kvm-sector.json' : 'kvm.json');

function digestOf({ qemuVersion, kernel }: VerdictKey): string {
  const inputs = JSON.stringify([readFileSync(BOOT_ID, 'utf8').trim(), qemuVersion, kernel]);
  return createHash('sha256').update(inputs).digest('hex');
}
