import { integerAt, type RowOf } from 'cis490';
import type { FIELDS } from './fields.js';

/** "1234\t0\t9223372036854775807\n" (proc_sys_fs(5)). Null if it is torn. */
export function parseFileNr(text: string): RowOf<typeof FIELDS> | null {
  const [open = '', , max = ''] = text.split('\t');
  const [openFiles, maxFiles] = [integerAt(open, 0), integerAt(max, 0)];
  if (!text.endsWith('\n') || openFiles === null || maxFiles === null) return null;
  return { open_files: openFiles, max_files: maxFiles };
}
