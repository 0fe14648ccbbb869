import type { TargetView } from '../../index.js';
import { QmpClient, QmpError, type QmpEvent } from '../../qmp.js';

/** Below the ten seconds that a collector has to be ready, with room for the commands behind it. */
const CONNECT_MS = 3_000;

export interface SocketOptions {
  readonly socket?: string;
}

/** Connects to the monitor of the target. Throws why that can't be, with a `remedy`. */
export async function connectMonitor(
  { socket }: SocketOptions,
  target: TargetView | null,
  onEvent: (event: QmpEvent) => void = () => {},
): Promise<QmpClient> {
  const path = socket ?? target?.qmpSocket;
  if (path === undefined) throw noMonitor();
  try {
    return await QmpClient.connect(path, { timeoutMs: CONNECT_MS, onEvent });
  } catch (error) {
    if (error instanceof QmpError) throw error;
    throw withRemedy(
      new Error(`no monitor at ${path}: ${(error as Error).message}`, { cause: error }),
      `start QEMU with -qmp unix:${path},server=on,wait=off, and cis490 as a user who may connect to it`,
    );
  }
}

export const noMonitor = () =>
  withRemedy(
    new Error('it asks the monitor of a QEMU, and is told of none'),
    'give its socket as option "socket", or record a target of type qemu',
  );

const withRemedy = (error: Error, remedy: string) => Object.assign(error, { remedy });
