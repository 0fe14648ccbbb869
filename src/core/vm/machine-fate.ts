import type { QmpEvent } from '../qmp/qmp-message.js';
import type { TargetFailure } from '../targets/target.js';
import { toText } from '../text/to-text.js';

const MAX_REASON_CHARS = 200;

/** What a machine's own events say of how it ends. */
export class MachineFate {
  /** Resolves when it was stopped for good, though its QEMU is there. */
  readonly failed: Promise<TargetFailure>;
  #setFailed!: (failure: TargetFailure) => void;
  #shutdown: string | undefined;

  constructor() {
    this.failed = new Promise((resolve) => (this.#setFailed = resolve));
  }

  /** Why it shut down (QMP's ShutdownCause), as far as QEMU told. */
  get shutdown(): string | undefined {
    return this.#shutdown;
  }

  take({ name, data }: QmpEvent): void {
    if (name === 'SHUTDOWN' && typeof data.reason === 'string') this.#shutdown = data.reason;
    if (name === 'BLOCK_IO_ERROR' && data.action === 'stop')
      this.#setFailed({
        code: data.nospace === true ? 'ENOSPC' : 'EIO',
        message: `the virtual machine was stopped: its disk can not be written (${toText(data.reason ?? 'I/O error').slice(0, MAX_REASON_CHARS)})`,
      });
  }
}
