/** Speaks with QEMU's monitor. */
export { QmpClient, type QmpConnectOptions } from './core/qmp/qmp-client.js';
export { QmpError, type QmpErrorCode } from './core/qmp/qmp-error.js';
export type { QmpEvent } from './core/qmp/qmp-message.js';
