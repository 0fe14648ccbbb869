import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { readdirSync, readlinkSync } from 'node:fs';
import { comesTrue } from './within.js';

/** What keeps a thread or the machine busy. Promises and callbacks that ran are gone by themselves. */
const KEPT =
  /^(?:Timeout|Immediate|PROCESSWRAP|PIPEWRAP|TCPWRAP|TCPSERVERWRAP|UDPWRAP|TLSWRAP|WORKER|MESSAGEPORT|FILEHANDLE|FSEVENTWRAP|STATWATCHER|DIRHANDLE)$/;
/** Closing takes a turn or two of the event loop. */
const SETTLE_MS = 2_000;

/**
 * Tells what code has left open: descriptors of this process, and timers, children, sockets and workers that were made
 * by the code itself (not by others that run beside it, such as the test runner).
 */
export class Leftovers {
  readonly #context = new AsyncLocalStorage<Leftovers>();
  readonly #open = new Map<number, string>();
  readonly #before = descriptors();
  readonly #hook = createHook({
    init: (id, type) => {
      if (this.#context.getStore() === this && KEPT.test(type)) this.#open.set(id, type);
    },
    before: (id) => {
      if (this.#open.get(id) === 'Immediate') this.#open.delete(id);
    },
    destroy: (id) => void this.#open.delete(id),
  });

  /** Runs the code that is watched. */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    this.#hook.enable();
    return this.#context.run(this, work);
  }

  /** What is left, in words, after a moment for it to close; empty if nothing is. */
  async settle(): Promise<string[]> {
    const isClean = await comesTrue(() => this.#left().length === 0, SETTLE_MS);
    this.#hook.disable();
    return isClean ? [] : this.#left();
  }

  #left(): string[] {
    const opened = [...descriptors()].filter(([fd, path]) => this.#before.get(fd) !== path);
    return [...opened.map(([fd, path]) => `descriptor ${fd} of ${path}`), ...this.#open.values()];
  }
}

function descriptors(): Map<string, string> {
  const links = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [[fd, readlinkSync(`/proc/self/fd/${fd}`)] as const];
    } catch {
      return []; // the one that listed the folder
    }
  });
  return new Map(links);
}
