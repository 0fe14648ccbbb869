import { join } from 'node:path';
import { parseHostProc } from '../../../src/plugins/host-proc/parser.js';
import { captured } from './readings.js';

export const HOST_PROC_FIXTURES = join(import.meta.dirname, '../../../src/plugins/host-proc/fixtures');
export const PAGE_SIZE = 4096;

export function parseHostProcCase(name: string, pageSize = PAGE_SIZE) {
  const file = (path: string) => captured(join(HOST_PROC_FIXTURES, name, 'proc/4242', path), 'EACCES');
  return parseHostProc(file('stat'), file('io'), file('status'), pageSize);
}
