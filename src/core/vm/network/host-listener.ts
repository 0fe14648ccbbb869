import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Ports } from './probes.js';

/** Whoever else found the ports in that time need not fill the memory. */
const MAX_REACHED = 20;

/** Somebody who came. */
export interface Arrival {
  readonly protocol: 'tcp' | 'udp';
  readonly from: string;
}

/** Ports on all addresses of this machine, open for as long as the guest tries to reach them. What arrives came through, whatever the guest says. */
export class HostListener {
  readonly ports: Ports;
  readonly arrivals: Arrival[] = [];
  readonly #server: Server;
  readonly #socket: Socket;

  private constructor(server: Server, socket: Socket, token: string) {
    this.#server = server;
    this.#socket = socket;
    this.ports = { tcp: (server.address() as AddressInfo).port, udp: socket.address().port };
    server.on('connection', (connection) => {
      connection.on('error', () => {}); // it may be gone before it is closed
      this.#arrived('tcp', connection.remoteAddress);
      connection.destroy();
    });
    // somebody came who could not be taken in, for want of descriptors
    server.on('error', () => this.#arrived('tcp'));
    socket.on('error', () => this.#arrived('udp'));
    // a port may still get what was meant for its former owner: only what bears the token is the guest's
    socket.on('message', (message, { address }) => message.includes(token) && this.#arrived('udp', address));
  }

  /** Throws the system's error. */
  static async open(token: string): Promise<HostListener> {
    const server = createServer().listen(0); // on "::" with IPv4, or on 0.0.0.0 where there is no IPv6
    await once(server, 'listening');
    const { family } = server.address() as AddressInfo;
    const socket = createSocket(family === 'IPv6' ? 'udp6' : 'udp4');
    try {
      socket.bind(0);
      await once(socket, 'listening');
    } catch (error) {
      server.close();
      throw error;
    }
    return new HostListener(server, socket, token);
  }

  close(): void {
    this.#server.close();
    this.#socket.close();
  }

  #arrived(protocol: Arrival['protocol'], from = 'an address unknown'): void {
    if (this.arrivals.length < MAX_REACHED) this.arrivals.push({ protocol, from: from.replace(/^::ffff:/, '') });
  }
}
