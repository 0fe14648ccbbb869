/** Reading what the Linux kernel tells as text: exact to the last digit, null where something is missing. */
export { missingCapabilities } from './core/procfs/capabilities.js';
export { type KeptFile, KeptFiles } from './core/procfs/kept-files.js';
export {
  integersAt,
  type NetDevice,
  parseNetDev,
  stalledMicroseconds,
  totalOf,
  wholeLines,
  within64Bits,
} from './core/procfs/kernel-text.js';
export { processFolder } from './core/procfs/process-folder.js';
export { isGone } from './core/procfs/process-stat.js';
export { afterComm, readStatRecord, type StatRecord, skipFields } from './core/procfs/stat-record.js';
