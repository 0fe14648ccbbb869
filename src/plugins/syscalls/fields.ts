import type { Fields } from '../../index.js';

const calls = (description: string) =>
  ({ type: 'integer', unit: '{call}', kind: 'delta', minimum: 0, description }) as const;

/** System calls of the target, and of the processes that it starts, in one interval. */
export const FIELDS = {
  span_ns: {
    type: 'integer',
    unit: 'ns',
    kind: 'delta',
    minimum: 0,
    description: 'What the counts are over: the time since the print before, on the clock of the kernel.',
  },
  arch: {
    type: 'string',
    kind: 'info',
    maxLength: 32,
    description: 'The architecture, which says what the numbers mean: x86_64, arm64.',
  },
  processes: {
    type: 'integer',
    unit: '{process}',
    kind: 'gauge',
    minimum: 0,
    description: 'Processes that are followed: the target and what it has started since, zombies included.',
  },
  calls_total: calls('Calls begun (raw_syscalls:sys_enter): the sum of the six families.'),
  errors_total: calls('Calls that ended with an error, -1 to -4095 (raw_syscalls:sys_exit).'),
  calls_file: calls(
    'On files, folders and descriptors, of sockets too: read, write, open, ioctl, poll, mount and the like.',
  ),
  calls_network: calls('On sockets alone: socket, connect, send, receive and the like.'),
  calls_process: calls(
    'On processes, threads, signals, identity, scheduling: clone, execve, kill, ptrace and the like.',
  ),
  calls_memory: calls('On address spaces: mmap, mprotect, brk, memfd_create and the like.'),
  calls_ipc: calls('On pipes, futexes, semaphores, queues, shared memory.'),
  calls_other: calls('All else: time, randomness, modules, tracing, keys, and numbers without a name.'),
  calls: {
    type: 'array',
    description: 'Each call that began or failed in the interval, by its number, in ascending order.',
    items: {
      number: {
        type: 'integer',
        unit: '1',
        kind: 'info',
        key: true,
        description: 'Its number on this architecture; -1 stands for all numbers below 0 and above 1023.',
      },
      name: {
        type: 'string',
        kind: 'info',
        nullable: true,
        maxLength: 32,
        description: 'Its name in the headers of Linux 6.1; null for a number that they do not have.',
      },
      count: calls('Calls begun.'),
      errors: calls('Calls that ended with an error; they may have begun in an earlier interval.'),
    },
  },
} as const satisfies Fields;
