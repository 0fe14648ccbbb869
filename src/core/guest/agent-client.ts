import { createConnection, type Socket } from 'node:net';
import { errorMessage } from '../errors/describe-error.js';
import { LineSplitter } from '../program/line-splitter.js';
import {
  type AgentCommand,
  AgentError,
  type AgentReply,
  commandLine,
  maxReplyBytes,
  replyOf,
} from './agent-protocol.js';

/** While nothing was asked, no more of a line is held. */
const MAX_IDLE_LINE_BYTES = 64 * 1024;
/** So much that nobody asked for is read, from an agent that was taken over by whoever owns the guest; then it is given up. */
const MAX_NONSENSE_BYTES = 256 * 1024 * 1024;
/** What a line that makes no sense counts for, however short it is: 64 of them are too many as well. */
const NONSENSE_LINE_BYTES = 4 * 1024 * 1024;
/** How long a phase's request waits at most for samples to be through. */
const MAX_WAIT_MS = 200;
/** A handshake that got lost, with an agent that was just starting or ending, is tried again; an agent that is merely slow has to have the time for its answer. */
const SYNC_RETRY_MS = 2_000;
const MAX_SYNC_RETRY_MS = 32_000;
const DEFAULT_TIMEOUT_MS = 5_000;
/** A reply of megabytes takes its time: while bytes keep coming nobody is silent, but for no longer than this in all. */
const TALKING_MS = 1_000;
const MAX_TALKING_NS = 60_000_000_000n;
/** Ends whatever half a command the agent may have read: no byte of UTF-8, so its parser starts afresh. */
const FLUSH = Buffer.from([0xff]);

/** A sample goes before a phase. */
export type Priority = 'sample' | 'phase';

export interface RequestOptions {
  readonly priority: Priority;
  readonly timeoutMs?: number;
}

/** What came of commands that were sent at once. Times are CLOCK_MONOTONIC, just before the first was sent and behind the last reply. */
export interface AgentAnswer {
  readonly replies: readonly AgentReply[];
  readonly sentNs: bigint;
  readonly receivedNs: bigint;
  /** Raised with each new start of the agent: what it held before, it holds no longer. */
  readonly generation: number;
}

interface Job {
  readonly commands: readonly AgentCommand[];
  readonly replies: AgentReply[];
  readonly priority: Priority;
  sentNs: bigint;
  timer: NodeJS.Timeout | undefined;
  /** Nobody waits for it any more, but the agent owes the replies of another before its own. */
  isAbandoned: boolean;
  /** Whether it has waited for samples long enough. */
  isOverdue: boolean;
  resolve(answer: AgentAnswer): void;
  reject(error: Error): void;
}

/**
 * The one client of a guest's agent (qemu-ga), at the host's end of its virtio-serial port. Several users share it: each
 * sends a batch of commands, pipelined, and gets the replies in order. Nothing that comes from the guest is trusted:
 * lines are bounded, and an agent that falls silent or talks nonsense is taken up again by a fresh handshake, behind
 * which no old reply can be taken for a new one.
 */
export class AgentClient {
  readonly #socket: Socket;
  readonly #waiting: Job[] = [];
  readonly #inFlight: Job[] = [];
  #state: 'closed' | 'syncing' | 'ready' | 'gone' = 'closed';
  #syncId = Math.floor(Math.random() * 2 ** 30);
  #syncTimer: NodeJS.Timeout | undefined;
  #generation = 0;
  /** When something came last (performance.now). */
  #heardMs = 0;
  #nonsenseBytes = 0;
  /** The length of the last answer, should it turn out to be nonsense. */
  #answerBytes = 0;
  #isMachineGone = false;
  readonly #readyWaiters: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    const maxBytes = () => this.#maxLineBytes;
    const lines = new LineSplitter({
      get maxBytes() {
        return maxBytes();
      },
      onLine: (line) => this.#onLine(line),
      onLongLine: (bytes) => this.#onNonsense(bytes, `it sent a line of ${bytes} bytes`),
    });
    socket.on('data', (chunk) => {
      this.#heardMs = performance.now();
      lines.write(chunk as Buffer);
    });
    socket.on('error', () => {}); // the close that follows tells
    socket.on('close', () => this.close());
  }

  /** Connects to the host's end of the port, whether or not an agent is at the other. Throws AGENT_CLOSED. */
  static async connect(path: string): Promise<AgentClient> {
    const socket = createConnection(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error) => reject(new AgentError('AGENT_CLOSED', errorMessage(error))));
    });
    return new AgentClient(socket);
  }

  /** Raised with each new start of the agent. */
  get generation(): number {
    return this.#generation;
  }

  /** Whether the connection has ended, and with its QEMU all that ran in the guest. */
  get isMachineGone(): boolean {
    return this.#isMachineGone;
  }

  /** The agent has opened its end of the port, or closed it (VSERPORT_CHANGE). Nothing may be written while it is closed. */
  setOpen(isOpen: boolean): void {
    if (isOpen && this.#state === 'closed') {
      this.#generation++;
      this.#sync();
    } else if (!isOpen && this.#state !== 'gone') {
      this.#end('closed', 'the agent has closed its port');
    }
  }

  /** An answer shows that the agent is another one: a port that closes and opens within a second is told of as open alone (QEMU's rate limit of VSERPORT_CHANGE). */
  renew({ generation }: AgentAnswer): void {
    if (generation === this.#generation) this.#generation++;
  }

  /** Resolves when the agent answers. Throws AGENT_TIMEOUT, AGENT_CLOSED. */
  async ready(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const isDecided = new Promise<void>((resolve) => {
      if (this.#state === 'ready' || this.#state === 'gone') resolve();
      else this.#readyWaiters.push(resolve);
    });
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(silent(timeoutMs)), timeoutMs);
    });
    await Promise.race([isDecided, timeout]).finally(() => clearTimeout(timer));
    if (this.#state === 'gone') throw this.#goneError();
  }

  /** Sends commands at once. One that is refused has a reply too. Throws AGENT_TIMEOUT, AGENT_CLOSED, AGENT_PROTOCOL. */
  request(
    commands: readonly AgentCommand[],
    { priority, timeoutMs = DEFAULT_TIMEOUT_MS }: RequestOptions,
  ): Promise<AgentAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#state === 'gone') throw this.#goneError();
      if (this.#state === 'closed') throw new AgentError('AGENT_CLOSED', 'the agent is not there');
      if (commands.length === 0) return resolve(this.#emptyAnswer());
      const job: Job = {
        commands,
        replies: [],
        priority,
        sentNs: 0n,
        timer: undefined,
        isAbandoned: false,
        isOverdue: false,
        resolve,
        reject,
      };
      this.#expire(job, timeoutMs, timeoutMs);
      this.#waiting.push(job);
      this.#pump();
      if (priority === 'phase' && this.#waiting.includes(job)) setTimeout(() => this.#hurry(job), MAX_WAIT_MS);
    });
  }

  /** One command. Throws as `request` does, and AGENT_REFUSED with the agent's own words. */
  async execute(
    execute: string,
    args: Readonly<Record<string, unknown>> | undefined,
    options: RequestOptions,
  ): Promise<unknown> {
    const { replies } = await this.request([{ execute, ...(args && { args }) }], options);
    const { value, refusal } = replies[0]!;
    if (refusal !== null) throw new AgentError('AGENT_REFUSED', `${execute}: ${refusal}`);
    return value;
  }

  /** Gives up what is under way, and begins anew with a handshake: only that tells late replies from new ones. */
  resync(reason: string): void {
    this.#onNonsense(this.#answerBytes, reason);
  }

  close(): void {
    this.#isMachineGone = true;
    this.#socket.destroy();
    this.#end('gone', 'the machine is gone');
  }

  #emptyAnswer(): AgentAnswer {
    const nowNs = process.hrtime.bigint();
    return { replies: [], sentNs: nowNs, receivedNs: nowNs, generation: this.#generation };
  }

  #goneError(): AgentError {
    return new AgentError('AGENT_CLOSED', this.#isMachineGone ? 'the machine is gone' : 'the agent was given up');
  }

  #hurry(job: Job): void {
    job.isOverdue = true;
    this.#pump();
  }

  /** Samples at once; a phase's request when nothing is under way, or, one at a time, when it has waited long enough. */
  #pump(): void {
    if (this.#state !== 'ready' || this.#inFlight.some(({ isAbandoned }) => isAbandoned)) return;
    for (const job of this.#waiting.filter(({ priority }) => priority === 'sample')) this.#send(job);
    const [next] = this.#waiting;
    if (next === undefined) return;
    const mayGo = next.isOverdue
      ? !this.#inFlight.some(({ priority }) => priority === 'phase')
      : this.#inFlight.length === 0;
    if (mayGo) this.#send(next);
  }

  #send(job: Job): void {
    this.#waiting.splice(this.#waiting.indexOf(job), 1);
    this.#inFlight.push(job);
    const text = job.commands.map(commandLine).join('');
    job.sentNs = process.hrtime.bigint();
    this.#socket.write(text);
  }

  /** Of the line that is coming in: what the command in question may be answered with. */
  get #maxLineBytes(): number {
    const [job] = this.#inFlight;
    return job === undefined ? MAX_IDLE_LINE_BYTES : maxReplyBytes(job.commands[job.replies.length]!);
  }

  #onLine(line: Buffer): void {
    const [job] = this.#inFlight;
    if (this.#state === 'ready' && job !== undefined) this.#onAnswer(job, line);
    // of several handshakes the last counts: replies to all others come before
    else if (this.#state === 'syncing' && replyOf(line)?.value === this.#syncId) this.#becomeReady();
    else this.#ignore(line.length);
  }

  #onAnswer(job: Job, line: Buffer): void {
    this.#answerBytes = line.length;
    const reply = replyOf(line);
    if (reply === null) this.#onNonsense(line.length, 'it sent a line that is no reply');
    else this.#onReply(job, reply);
  }

  #onNonsense(bytes: number, reason: string): void {
    this.#resync(new AgentError('AGENT_PROTOCOL', `the agent of the guest is not to be understood: ${reason}`));
    this.#ignore(Math.max(bytes, NONSENSE_LINE_BYTES));
  }

  /** Late replies are few. Whoever goes on sending what is not asked for would keep the recorder busy with it. */
  #ignore(bytes: number): void {
    this.#nonsenseBytes += bytes;
    if (this.#nonsenseBytes <= MAX_NONSENSE_BYTES) return;
    this.#socket.removeAllListeners('close').destroy(); // QEMU is still there
    this.#end('gone', 'the agent was given up: it sent too much that nobody had asked for');
  }

  #onReply(job: Job, reply: AgentReply): void {
    job.replies.push(reply);
    if (job.replies.length < job.commands.length) return;
    const receivedNs = process.hrtime.bigint();
    this.#inFlight.shift();
    clearTimeout(job.timer);
    job.resolve({ replies: job.replies, sentNs: job.sentNs, receivedNs, generation: this.#generation });
    // qemu-ga 7.2 was seen to lose requests that came while it wrote a reply of 22 MB: their replies can't be counted on
    if (this.#inFlight[0]?.isAbandoned)
      this.#resync(new AgentError('AGENT_TIMEOUT', 'the agent of the guest was busy'));
    else this.#pump();
  }

  /** A turn of the loop after its time: where this process was busy for so long, what has come was not read yet. */
  #expire(job: Job, timeoutMs: number, afterMs: number): void {
    job.timer = setTimeout(() => setImmediate(() => this.#onTimeout(job, timeoutMs)), afterMs);
  }

  #onTimeout(job: Job, timeoutMs: number): void {
    const at = this.#waiting.indexOf(job);
    if (at < 0 && !this.#inFlight.includes(job)) return; // it was answered in that turn
    const isFirst = this.#inFlight[0] === job;
    if (isFirst && this.#isTalking(job)) {
      this.#expire(job, timeoutMs, TALKING_MS);
    } else if (isFirst) {
      this.#resync(silent(timeoutMs));
    } else {
      if (at >= 0) this.#waiting.splice(at, 1);
      job.isAbandoned = true;
      job.reject(silent(timeoutMs));
    }
  }

  #isTalking({ sentNs }: Job): boolean {
    const isOld = process.hrtime.bigint() - sentNs > MAX_TALKING_NS;
    return !isOld && performance.now() - this.#heardMs < TALKING_MS;
  }

  #resync(error: AgentError): void {
    fail(this.#inFlight.splice(0), error);
    if (this.#state === 'ready') this.#sync();
  }

  #sync(retryMs = SYNC_RETRY_MS): void {
    this.#state = 'syncing';
    this.#socket.write(FLUSH);
    this.#socket.write(commandLine({ execute: 'guest-sync', args: { id: ++this.#syncId } }));
    clearTimeout(this.#syncTimer);
    this.#syncTimer = setTimeout(() => this.#sync(Math.min(2 * retryMs, MAX_SYNC_RETRY_MS)), retryMs);
  }

  #becomeReady(): void {
    clearTimeout(this.#syncTimer);
    this.#state = 'ready';
    for (const resolve of this.#readyWaiters.splice(0)) resolve();
    this.#pump();
  }

  #end(state: 'closed' | 'gone', why: string): void {
    if (this.#state === 'gone') return;
    this.#state = state;
    clearTimeout(this.#syncTimer);
    fail([...this.#inFlight.splice(0), ...this.#waiting.splice(0)], new AgentError('AGENT_CLOSED', why));
    if (state === 'gone') for (const resolve of this.#readyWaiters.splice(0)) resolve();
  }
}

const silent = (timeoutMs: number) =>
  new AgentError('AGENT_TIMEOUT', `the agent of the guest did not answer within ${(timeoutMs / 1e3).toFixed(1)} s`);

function fail(jobs: readonly Job[], error: AgentError): void {
  for (const { timer, reject } of jobs) {
    clearTimeout(timer);
    reject(error);
  }
}
