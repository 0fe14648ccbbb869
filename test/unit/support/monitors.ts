import { expect, onTestFinished } from 'vitest';
import { QmpClient, type QmpConnectOptions, type QmpError } from '../../../src/qmp.js';
import { type Answerer, type FakeMonitor, fakeMonitor } from '../../support/fake-monitor.js';

export const nothing: Answerer = () => null;

/** Gone after the test. */
export async function monitorThat(answer: Answerer, greeting?: string): Promise<FakeMonitor> {
  const monitor = await fakeMonitor(answer, greeting);
  onTestFinished(() => monitor.close());
  return monitor;
}

/** Closed after the test. */
export async function clientOf(monitor: FakeMonitor, options: QmpConnectOptions = {}): Promise<QmpClient> {
  const client = await QmpClient.connect(monitor.path, options);
  onTestFinished(() => client.close());
  return client;
}

export const failureOf = (promise: Promise<unknown>): Promise<QmpError> =>
  promise.then(
    () => expect.unreachable('it was answered'),
    (error) => error,
  );
