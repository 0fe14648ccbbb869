import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { errorMessage } from '../../src/core/errors/describe-error.js';
import { type AgentAnswerer, refused, returned } from './fake-agent.js';

export interface LocalAgentOptions {
  /** What stands for the guest's /bin/sh. */
  readonly shell: readonly [program: string, ...args: string[]];
  /** A folder that stands for /sys/fs/cgroup; null: there is none. */
  readonly cgroups: string | null;
}

interface Started {
  readonly child: ChildProcess;
  stdout: string;
  stderr: string;
  end: { code: number | null; signal: NodeJS.Signals | null } | null;
}

const NUMBERS: Readonly<Record<string, number>> = { SIGTERM: 15, SIGKILL: 9, SIGHUP: 1 };

/** An agent whose guest is this machine: what it is told to execute it executes for real, and tells of it as qemu-ga does. */
export class LocalAgent {
  /** Of all that was executed, in order. */
  readonly scripts: string[] = [];
  readonly #o: LocalAgentOptions;
  readonly #started = new Map<number, Started>();
  readonly #handles = new Map<number, string>();
  #next = 1_000;

  constructor(options: LocalAgentOptions) {
    this.#o = options;
  }

  readonly answer: AgentAnswerer = ({ execute, arguments: args }) => {
    if (execute === 'guest-exec') return this.#exec(args as { arg: string[]; env: string[] });
    if (execute === 'guest-exec-status') return this.#status(args.pid as number);
    if (execute === 'guest-file-open') return this.#open(this.#here(args.path as string));
    if (execute === 'guest-file-read') return this.#read(this.#handles.get(args.handle as number)!);
    if (execute === 'guest-file-close') this.#handles.delete(args.handle as number);
    return returned({ position: 0, eof: false });
  };

  /** As an agent that was started anew. */
  forget(): void {
    this.#started.clear();
  }

  #here(text: string): string {
    return text.replaceAll('/sys/fs/cgroup', this.#o.cgroups ?? '/nowhere');
  }

  #exec({ arg, env }: { arg: string[]; env: string[] }) {
    const [program, ...words] = this.#o.shell;
    this.scripts.push(arg[1]!);
    const child = spawn(program, [...words, ...arg.map((word) => this.#here(word))], {
      env: Object.fromEntries(env.map((variable) => variable.split(/=(.*)/s, 2))),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started: Started = { child, stdout: '', stderr: '', end: null };
    child.stdout!.on('data', (chunk) => (started.stdout += chunk));
    child.stderr!.on('data', (chunk) => (started.stderr += chunk));
    // like the agent, only once nobody holds its output any more
    child.once('close', (code, signal) => (started.end = { code, signal }));
    this.#started.set(child.pid!, started);
    return returned({ pid: child.pid });
  }

  #status(pid: number) {
    const started = this.#started.get(pid);
    if (started === undefined) return refused(`Invalid parameter 'pid'`);
    const { end, stdout, stderr } = started;
    if (end === null) return returned({ exited: false });
    this.#started.delete(pid);
    return returned({
      exited: true,
      ...(end.code !== null && { exitcode: end.code }),
      ...(end.signal !== null && { signal: NUMBERS[end.signal] }),
      ...(stdout !== '' && { 'out-data': Buffer.from(stdout).toString('base64') }),
      ...(stderr !== '' && { 'err-data': Buffer.from(stderr).toString('base64') }),
    });
  }

  #open(path: string) {
    try {
      readFileSync(path);
    } catch (error) {
      return refused(errorMessage(error).replace(/^ENOENT.*/, 'No such file or directory'));
    }
    this.#handles.set(this.#next, path);
    return returned(this.#next++);
  }

  #read(path: string) {
    try {
      const bytes = readFileSync(path);
      return returned({ count: bytes.length, 'buf-b64': bytes.toString('base64'), eof: true });
    } catch {
      return refused('failed to read file: No such process');
    }
  }
}
