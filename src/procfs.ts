/** What the Linux kernel tells as text: pure parsers, exact to the last digit, null where something is missing. */
export { type KeptFile, KeptFiles } from './core/procfs/kept-files.js';
export {
  integersAt,
  type NetDevice,
  parseNetDev,
  stalledMicroseconds,
  wholeLines,
} from './core/procfs/kernel-text.js';
export { afterComm, readStatRecord, type StatRecord, skipFields } from './core/procfs/stat-record.js';
