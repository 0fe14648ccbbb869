import { type FSWatcher, watch } from 'node:fs';
import type { OptionsOf, StreamContext } from 'cis490';
import type { FIELDS } from './fields.js';
import type { OPTIONS } from './options.js';

/** Emits a row for each change that the kernel tells. */
export class FolderWatch {
  readonly #context: StreamContext<typeof FIELDS, OptionsOf<typeof OPTIONS>>;
  #watcher: FSWatcher | undefined;

  constructor(context: StreamContext<typeof FIELDS, OptionsOf<typeof OPTIONS>>) {
    this.#context = context;
  }

  /** When it is done, nothing is missed any more. */
  async start(): Promise<void> {
    const { emit, alive, options } = this.#context;
    this.#watcher = watch(options.folder, (change, file) => emit({ change, file }));
    // thrown from an event handler, it ends this collector, and no other
    this.#watcher.on('error', (error) => this.#context.fatal(error.message));
    alive();
  }

  /** Safe without `start`, and twice. */
  stop(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }
}
