import { CisError } from '../../errors/cis-error.js';
import { errorCode, errorMessage } from '../../errors/describe-error.js';

const WRITE_CODES = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EIO', 'EMFILE', 'ENOENT']);
const WRITE_TEXT = /^(?:IO Error|Out of Memory Error)\b/;
const READ_TEXT = /^(?:Invalid Input Error|Conversion Error|Binder Error|Out of Range Error)\b.*\bfile\b/;
/** Between 2^63 and 2^64. */
const TOO_LARGE = /^Invalid Input Error\b.*cast value to numerical: \d{19,20}\b/;

/** What the system or DuckDB refused, as an error that a user can mend; anything else as it is. */
export function explainFailure(error: unknown, out: string): unknown {
  if (error instanceof CisError) return error;
  const message = errorMessage(error).split('\n', 1)[0]!.trim();
  if (TOO_LARGE.test(message))
    return new CisError('DATASET_ROWS_UNREADABLE', message, {
      cause: error,
      hint: 'A data set holds integers of 63 bits, and this one is larger: leave its source out with --source.',
    });
  if (READ_TEXT.test(message)) return new CisError('DATASET_ROWS_UNREADABLE', message, { cause: error });
  if (WRITE_CODES.has(errorCode(error)) || WRITE_TEXT.test(message))
    return new CisError('DATASET_WRITE_FAILED', `${out} can not be written: ${message}`, { cause: error });
  return error;
}
