import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  createWriteStream,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage } from '../errors/describe-error.js';
import { makeFolders } from '../files/make-folders.js';
import { isAbandoned, ownerMark } from '../recorder/owner-mark.js';
import type { DiskLayers, MachineSpec } from './machine-spec.js';
import { layerName } from './overlay-disks.js';
import { qemuArguments, SOCKETS } from './qemu-arguments.js';
import type { VirtualMachine } from './virtual-machine.js';

const STATE_FILE = 'state.bin';
const ID_FILE = 'id';
const POLL_MS = 5;
const SAVE_TIMEOUT_MS = 60_000;
/** Bytes a second: as fast as it goes. */
const NO_LIMIT = 2 ** 40;
/** Each is as large as the memory that its guest has touched. */
const KEPT_STATES = 8;
const EVERYBODY_MAY_CONNECT = 0o666;

/** A machine that was stopped once its agent had answered: each episode goes on from the same instant of its life. */
export interface SavedState {
  /** Of this very state: episodes that share it are near-duplicates in all that happened before. */
  readonly id: string;
  readonly path: string;
  /** The machine's disks as of then. */
  readonly disks: readonly DiskLayers[];
}

/** The saved states of one folder, by what they are a state of. Rebuilt whenever any part of that changes. */
export class SavedStates {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The state of a machine with this specification, if there is one. `identity` says what its files hold. */
  find(spec: MachineSpec, identity: unknown): SavedState | null {
    const folder = join(this.#folder, keyOf(spec, identity));
    const id = idIn(folder);
    if (id === null || !isWhole(folder, spec.disks)) return null;
    utimesSync(folder, new Date(), new Date());
    return stateIn(folder, id, spec.disks);
  }

  /** Saves the machine, which is stopped by that and has to be ended. Throws what went wrong, in words. */
  async save(machine: VirtualMachine, spec: MachineSpec, identity: unknown): Promise<SavedState> {
    const folder = join(this.#folder, keyOf(spec, identity));
    const temporary = `${folder}.${ownerMark()}.${randomBytes(4).toString('hex')}`;
    makeFolders(temporary, { mode: 0o700 });
    try {
      await machine.qmp.execute('stop');
      await migrateTo(machine, join(temporary, STATE_FILE));
      for (const { id } of spec.disks) copyLayer(machine.run.file(layerName(id)), join(temporary, layerName(id)));
      const id = randomBytes(8).toString('hex');
      writeFileSync(join(temporary, ID_FILE), id);
      const other = this.#publish(temporary, spec, identity);
      this.#prune();
      return other ?? stateIn(folder, id, spec.disks);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }

  /** Forgets one that can't be gone on from; another that took its place meanwhile stays. */
  discard({ id, path }: SavedState): void {
    const folder = dirname(path);
    if (idIn(folder) === id) rmSync(folder, { recursive: true, force: true });
  }

  /** Of two that are saved at once the first stands, and is returned: somebody may be about to go on from it. */
  #publish(temporary: string, spec: MachineSpec, identity: unknown): SavedState | null {
    const folder = join(this.#folder, keyOf(spec, identity));
    try {
      renameSync(temporary, folder); // fails where there is a folder that holds something
    } catch {
      const other = this.find(spec, identity);
      if (other !== null) return other;
      rmSync(folder, { recursive: true, force: true });
      renameSync(temporary, folder);
    }
    return null;
  }

  /** What a recorder left half-written that was killed goes first; it may be as large as the memory of a guest. */
  #prune(): void {
    const names = readdirSync(this.#folder);
    const abandoned = names.filter((name) => isAbandoned(name.split('.')[1] ?? ''));
    for (const name of abandoned) rmSync(join(this.#folder, name), { recursive: true, force: true });
    const states = names
      .filter((name) => !abandoned.includes(name))
      .map((name) => join(this.#folder, name))
      .map((path) => ({ path, usedMs: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
      .sort((a, b) => b.usedMs - a.usedMs);
    for (const { path } of states.slice(KEPT_STATES)) rmSync(path, { recursive: true, force: true });
  }
}

function idIn(folder: string): string | null {
  try {
    return readFileSync(join(folder, ID_FILE), 'utf8');
  } catch {
    return null;
  }
}

function isWhole(folder: string, disks: readonly DiskLayers[]): boolean {
  return [STATE_FILE, ...disks.map(({ id }) => layerName(id))].every((name) => existsSync(join(folder, name)));
}

/** From a folder that QEMU's user may write to: a link could lead to what only the recorder may read. */
function copyLayer(from: string, to: string): void {
  if (!lstatSync(from).isFile()) throw new Error(`${from} is no longer a disk`);
  copyFileSync(from, to);
}

function stateIn(folder: string, id: string, disks: readonly DiskLayers[]): SavedState {
  return {
    id,
    path: join(folder, STATE_FILE),
    disks: disks.map((disk) => ({
      ...disk,
      sizeBytes: null,
      base: [...disk.base, { path: join(folder, layerName(disk.id)), format: 'qcow2' }],
    })),
  };
}

/** A state fits the very machine that it was saved from: QEMU, its command line, and what is in the files. */
function keyOf(spec: MachineSpec, identity: unknown): string {
  const layers = spec.disks.map(({ base }) => base.map(({ format }) => ({ filename: '', format })));
  const sizes = spec.disks.map(({ sizeBytes }) => sizeBytes);
  const { kernelPath: kernel, initrdPath: initrd } = spec;
  const files = { kernel, initrd, disks: layers, fdSets: [], stateFd: null };
  const machine = [qemuArguments(spec, files, ''), sizes, identity];
  return createHash('sha256').update(JSON.stringify(machine)).digest('hex').slice(0, 32);
}

/** QEMU 7.2 migrates to sockets, and not to files: so what it sends is written here. */
async function migrateTo({ qmp, run, qemu }: VirtualMachine, path: string): Promise<void> {
  const server = createServer();
  try {
    let writeError: unknown;
    const written = new Promise<void>((resolve, reject) => {
      server.once('connection', (socket) => {
        pipeline(socket, createWriteStream(path, { mode: 0o600 })).then(resolve, reject);
      });
    });
    written.catch((error: unknown) => (writeError = error)); // it may fail before it is waited for
    await once(server.listen(run.socket(SOCKETS.state)), 'listening');
    chmodSync(run.socket(SOCKETS.state), EVERYBODY_MAY_CONNECT); // of those who can reach the folder: QEMU
    await qmp.execute('migrate-set-parameters', { 'max-bandwidth': NO_LIMIT });
    await qmp.execute('migrate', { uri: `unix:${SOCKETS.state}` });
    const deadline = performance.now() + SAVE_TIMEOUT_MS;
    for (;;) {
      const { status } = await qmp.execute<{ status?: string }>('query-migrate');
      if (status === 'completed') break;
      if (status === 'failed' || qemu.hasExited || performance.now() > deadline)
        // QEMU sees no more than that nobody listens any more
        throw new Error(
          `the state of the machine could not be saved: ${writeError === undefined ? `migration ${status}` : errorMessage(writeError)}`,
        );
      await delay(POLL_MS);
    }
    await qemu.close(); // QEMU ends its side of the stream when it goes
    await written;
  } finally {
    server.close();
  }
}
