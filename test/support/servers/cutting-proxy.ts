import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface CuttingProxy {
  readonly url: string;
  /** Bytes that it has taken from clients. */
  readonly taken: number;
  /** Connections that it has broken so far. */
  readonly cuts: number;
  /** Breaks the one connection on which so many bytes have come from the client, the next time that happens. */
  cutAfter(bytes: number): void;
  /** Changes the byte at this place of what comes from the client on one connection, the next time that one comes. */
  changeAt(offset: number): void;
}

/** Between a client and a server of this machine: passes on what comes, but for what it is told to break, once each time. */
export async function startCuttingProxy(port: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let [taken, cuts, cut, change] = [0, 0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    let seen = 0;
    sockets.add(client);
    client.on('data', (chunk: Buffer) => {
      if (change < seen + chunk.length) {
        chunk[change - seen]! ^= 1;
        change = Number.POSITIVE_INFINITY;
      }
      seen += chunk.length;
      taken += chunk.length;
      if (seen > cut) {
        cut = Number.POSITIVE_INFINITY;
        cuts++;
        client.resetAndDestroy();
      } else if (!upstream.write(chunk)) client.pause();
    });
    upstream.on('drain', () => client.resume());
    upstream.pipe(client);
    client.on('end', () => upstream.end());
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.on('close', () => {
      sockets.delete(client);
      upstream.destroy();
    });
    upstream.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get taken() {
      return taken;
    },
    get cuts() {
      return cuts;
    },
    cutAfter: (bytes) => {
      cut = bytes;
    },
    changeAt: (offset) => {
      change = offset;
    },
  };
}
