import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Address } from './address.js';
import { endChild, runChild } from './child.js';
import { type Master, startMaster } from './master.js';
import { remote } from './scripts.js';
import { makeSocketFolder } from './socket-folder.js';
import type { Tools } from './tools.js';
import { troubleOf } from './trouble.js';

/** sshd_config(5): MaxSessions is 10 unless told; one is the master's own. */
const MAX_SESSIONS = 5;
export interface Running {
  readonly signal: AbortSignal;
  readonly input?: Uint8Array;
}

/** One ssh connection for everything, as to log in takes longer than most calls. It is made when it is needed, and again when it was lost. */
export class Connection {
  readonly #address: Address;
  readonly #keys: readonly string[];
  readonly #tools: Tools;
  readonly #sessions = pLimit(MAX_SESSIONS);
  #folder: Promise<string> | null = null;
  #master: Promise<Master> | null = null;
  #started = 0;
  #busy = 0;

  constructor(address: Address, keys: readonly string[], tools: Tools) {
    this.#address = address;
    this.#keys = keys;
    this.#tools = tools;
  }

  /** What a script says at the other side. Throws DestinationError if it fails. */
  async run(what: string, script: string, args: readonly string[], running: Running): Promise<Buffer> {
    const ended = await this.session(running.signal, (ssh) =>
      runChild([...this.#tools.leash, ...ssh, 'there', remote(script, args)], { ...running, env: this.#tools.env }),
    );
    if (ended.code !== 0) throw troubleOf(what, this.#address, ended);
    return ended.stdout;
  }

  /** Runs something through the connection, as soon as there is room for it; gives it the words that start an ssh, but for the host. */
  async session<T>(signal: AbortSignal, use: (ssh: readonly string[]) => Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await this.#sessions(async () => {
        signal.throwIfAborted();
        const { socket } = await unlessAborted(signal, this.#connected());
        // all is decided by the connection that there is; without it, this fails instead of making one of its own
        return use(['ssh', '-F', 'none', '-T', '-o', 'ProxyCommand=false', '-o', 'LogLevel=ERROR', '-S', socket]);
      });
    } finally {
      this.#busy--;
      if (signal.aborted && this.#busy === 0) await this.#disconnect();
    }
  }

  async close(): Promise<void> {
    await this.#disconnect();
    const folder = await this.#folder?.catch(() => null);
    this.#folder = null;
    if (folder) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }

  #connected(): Promise<Master> {
    this.#master ??= this.#connect();
    return this.#master;
  }

  #connect(): Promise<Master> {
    const connecting = this.#start();
    const forget = () => {
      if (this.#master === connecting) this.#master = null;
    };
    connecting.then(({ child }) => child.ended.then(forget, forget), forget);
    return connecting;
  }

  async #start(): Promise<Master> {
    const { signal } = this.#ending;
    this.#folder ??= makeSocketFolder();
    const socket = join(await this.#folder, `${++this.#started}`);
    return startMaster({
      address: this.#address,
      keys: this.#keys,
      tools: this.#tools,
      socket,
      signal,
    });
  }

  /** Aborted to give up a connection that is just being made. */
  #ending = new AbortController();

  async #disconnect(): Promise<void> {
    this.#ending.abort(new Error('the connection is no longer needed'));
    this.#ending = new AbortController();
    const connecting = this.#master;
    this.#master = null;
    const master = await connecting?.catch(() => null);
    if (master) await endChild(master.child);
  }
}

async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
