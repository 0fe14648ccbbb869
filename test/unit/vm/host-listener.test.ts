import { type Server, Server as TcpServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { HostListener } from '../../../src/core/vm/network/host-listener.js';

test('who came and could not be taken in has come', async () => {
  const listener = await HostListener.open('token');
  onTestFinished(() => listener.close());
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  const server = handles.find((handle): handle is Server => handle instanceof TcpServer && isOn(handle, listener))!;
  server.emit('error', new Error('accept EMFILE'));
  expect(listener.arrivals).toEqual([{ protocol: 'tcp', from: 'an address unknown' }]);
});

function isOn(server: Server, { ports }: HostListener): boolean {
  const address = server.address();
  return typeof address === 'object' && address?.port === ports.tcp;
}
