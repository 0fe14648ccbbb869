import type { CollectorContext, OptionsOf, PolledSampler, RowOf, Tick } from '../../index.js';
import type { FIELDS } from './fields.js';
import { Ledger } from './ledger.js';
import { LocalProcesses } from './local-processes.js';
import { Member } from './member.js';
import type { OPTIONS } from './options.js';
import { ProcessTree } from './process-tree.js';
import { treeRow } from './row.js';

type Context = Pick<CollectorContext<unknown>, 'roots' | 'target'>;

export const NO_PROCESS = 'it observes one process, and this target has none; use "system" for a whole machine';

/** One recording of a tree, from start to stop. */
export class HostTreeCollector implements PolledSampler<typeof FIELDS> {
  readonly #options: OptionsOf<typeof OPTIONS>;
  readonly #context: Context;
  readonly #ledger = new Ledger();
  #source: LocalProcesses | undefined;
  #tree: ProcessTree | undefined;
  #ended = 0;

  constructor(options: OptionsOf<typeof OPTIONS>, context: Context) {
    this.#options = options;
    this.#context = context;
  }

  start(): void {
    const { roots, target } = this.#context;
    if (target === null || target.pid === null) throw new Error(NO_PROCESS);
    this.#source = new LocalProcesses({ procRoot: roots.proc, rootPid: target.pid, io: this.#options.io });
    const root = new Member(target.pid);
    const isThere = this.#source.read(root);
    if (!isThere || (target.startTimeTicks !== null && BigInt(root.stat!.starttime) !== target.startTimeTicks)) {
      this.stop();
      throw Object.assign(new Error(`process ${target.pid} has ended`), { code: 'ESRCH' });
    }
    this.#tree = new ProcessTree(this.#source, root);
  }

  sample({ facts }: Tick): RowOf<typeof FIELDS> | null {
    const tree = this.#tree!;
    const gone = tree.update();
    this.#ended += gone.length;
    this.#ledger.settle(tree.living, gone);
    if (tree.living.length === 0) return null;
    return treeRow(tree.living, this.#ledger, {
      started: tree.started,
      ended: this.#ended,
      pageSizeBytes: facts.pageSizeBytes,
    });
  }

  stop(): void {
    this.#source?.close();
  }
}
