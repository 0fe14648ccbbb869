export type QmpErrorCode =
  /** The monitor refused the command; `errorClass` and `description` are its words. */
  | 'QMP_ERROR'
  /** It did not answer in time, or has left too much unanswered. */
  | 'QMP_TIMEOUT'
  /** The connection has ended, or ended before the answer. */
  | 'QMP_CLOSED'
  /** What it said is no QMP. */
  | 'QMP_PROTOCOL';

export interface QmpErrorDetails {
  readonly cause?: unknown;
  /** As in `DeviceNotFound`; QMP_ERROR only. */
  readonly errorClass?: string;
  readonly description?: string;
  /** What would mend it, as in a ProbeResult. */
  readonly remedy?: string;
}

/** Why a monitor could not be asked, or did not do as it was asked. */
export class QmpError extends Error {
  readonly code: QmpErrorCode;
  readonly errorClass: string | undefined;
  readonly description: string | undefined;
  readonly remedy: string | undefined;

  constructor(code: QmpErrorCode, message: string, details: QmpErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'QmpError';
    this.code = code;
    this.errorClass = details.errorClass;
    this.description = details.description;
    this.remedy = details.remedy;
  }
}
