import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { layerName } from '../../../src/core/vm/overlay-disks.js';
import type { VirtualMachine } from '../../../src/core/vm/virtual-machine.js';
import { temporaryFolder } from './temporary-folder.js';

export interface FakeVm {
  readonly machine: VirtualMachine;
  readonly executed: string[];
  /** The folder that is its run folder. */
  readonly folder: string;
}

export interface FakeVmOptions {
  /** What it migrates. */
  readonly memory?: string;
  readonly status?: string | ((stream: Socket) => string);
  readonly disks?: Readonly<Record<string, string>>;
}

/** As much of a running machine as saving it needs: it sends its memory to the socket that it is told to migrate to. */
export function fakeVm({ memory = 'memory', status = 'completed', disks = {} }: FakeVmOptions = {}): FakeVm {
  const folder = temporaryFolder();
  for (const [id, bytes] of Object.entries(disks)) writeFileSync(join(folder, layerName(id)), bytes);
  const executed: string[] = [];
  let stream: Socket | undefined;
  const commands: Record<string, () => unknown> = {
    migrate: async () => {
      stream = connect(join(folder, 'state.sock'))
        .on('error', () => {})
        .resume(); // as QEMU, it only fails
      await once(stream, 'connect');
      stream.write(memory);
    },
    'query-migrate': () => ({ status: typeof status === 'string' ? status : status(stream!) }),
  };
  const machine = {
    run: {
      path: folder,
      file: (name: string) => join(folder, name),
      socket: (name: string) => join(folder, name),
      remove() {},
    },
    qmp: {
      execute: async (command: string) => {
        executed.push(command);
        return commands[command]?.();
      },
    },
    qemu: {
      hasExited: false,
      close: async () => {
        stream?.end();
        return true;
      },
    },
  };
  return { machine: machine as unknown as VirtualMachine, executed, folder };
}
