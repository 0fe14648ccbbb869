import { readdirSync } from 'node:fs';
import { KeptFiles } from '../../procfs.js';
import { parentOf } from './parser.js';
import { falseIfGone } from './process-gone.js';

const NOBODY: readonly number[] = [];

/** Whose child is who, from the stat of every process of the machine: for a kernel that does not list children. */
export class ProcessScan {
  readonly #procRoot: string;
  readonly #children = new Map<number, number[]>();
  readonly #files: KeptFiles;

  constructor(procRoot: string) {
    this.#procRoot = procRoot;
    this.#files = new KeptFiles({ limit: 0, procRoot });
  }

  refresh(): void {
    this.#children.clear();
    for (const name of readdirSync(this.#procRoot)) {
      const parent = /^\d+$/.test(name) ? this.#parentOf(name) : null;
      if (parent === null) continue;
      const siblings = this.#children.get(parent);
      if (siblings === undefined) this.#children.set(parent, [Number(name)]);
      else siblings.push(Number(name));
    }
  }

  childrenOf(pid: number): readonly number[] {
    return this.#children.get(pid) ?? NOBODY;
  }

  #parentOf(name: string): number | null {
    try {
      const length = this.#files.read({ path: `${this.#procRoot}/${name}/stat`, fd: -1 });
      return parentOf(this.#files.bytes, length);
    } catch (error) {
      falseIfGone(error);
      return null;
    }
  }
}
