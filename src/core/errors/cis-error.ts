import { ERRORS, type ErrorCode } from './error-table.js';

export interface CisErrorOptions {
  readonly cause?: unknown;
  /** Replaces the table's hint. */
  readonly hint?: string;
  /** Single violations, a sentence each, when there are several. */
  readonly problems?: readonly string[];
}

/** The one error class: an expected failure, told as a sentence that names the offending value. Anything else is a defect. */
export class CisError extends Error {
  readonly code: ErrorCode;
  readonly exitCode: number;
  readonly hint: string;
  readonly problems: readonly string[];

  constructor(code: ErrorCode, message: string, { cause, hint, problems = [] }: CisErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CisError';
    this.code = code;
    this.exitCode = ERRORS[code].exit;
    this.hint = hint ?? ERRORS[code].hint;
    this.problems = problems;
  }
}
