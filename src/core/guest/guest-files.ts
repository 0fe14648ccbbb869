import type { FileSpec } from '../contract/collector.js';
import type { AgentAnswer, AgentClient, Priority } from './agent-client.js';
import { type AgentCommand, AgentError, type AgentReply, DEFAULT_READ_BYTES } from './agent-protocol.js';
import type { FileContent, ReadingTime } from './file-protocol.js';

/** The guest decides how much it sends, ten times a second: more of one file is refused (EFBIG). */
const MAX_FILE_BYTES = 1024 * 1024;
/** For a whole reading: after this long it is worth nothing, and a collector that shows no sign of life for two seconds is given up. */
const READ_TIMEOUT_MS = 1_000;
const OPEN_TIMEOUT_MS = 5_000;

/** qga/commands-posix.c, guest_file_handle_find. */
const LOST_HANDLE = /^handle '-?\d+' has not been found/;

interface GuestFile {
  readonly path: string;
  readonly isReopened: boolean;
  handle: number | null;
  /** Why there is no handle. */
  error: string | null;
  /** How much to ask for. */
  count: number;
}

interface Part {
  readonly bytes: Buffer;
  readonly isEnd: boolean;
}

/**
 * Some files of the guest, read through its agent by handles that are kept: seek to 0, read, both pipelined for all
 * files. Handles die with the agent that gave them; a new one is asked for them again, and the epoch rises.
 */
export class GuestFiles {
  readonly #agent: AgentClient;
  readonly #files: readonly GuestFile[];
  readonly #priority: Priority;
  #generation = 0;
  /** Of what is under way (performance.now). */
  #deadlineMs = 0;

  constructor(agent: AgentClient, specs: readonly FileSpec[], priority: Priority = 'sample') {
    this.#agent = agent;
    this.#priority = priority;
    this.#files = specs.map((spec) => ({
      path: typeof spec === 'string' ? spec : spec.path,
      isReopened: typeof spec !== 'string' && spec.reopen === true,
      handle: null,
      error: null,
      count: DEFAULT_READ_BYTES,
    }));
  }

  /** What keeps each file from being opened; null where nothing does. Throws AGENT_* errors. */
  async open(): Promise<readonly (string | null)[]> {
    this.#deadlineMs = performance.now() + OPEN_TIMEOUT_MS;
    await this.#openAll(this.#files);
    return this.#files.map(({ error }) => error);
  }

  /** Reads all files anew. Throws AGENT_* errors. */
  async read(): Promise<{ readonly contents: readonly FileContent[]; readonly time: ReadingTime }> {
    const before = process.hrtime.bigint();
    this.#deadlineMs = performance.now() + READ_TIMEOUT_MS;
    const isStale = this.#generation !== this.#agent.generation;
    const toOpen = this.#files.filter(({ isReopened }) => isStale || isReopened);
    await this.#closeAll(toOpen); // left by a reading that failed
    if (toOpen.length > 0) await this.#openAll(toOpen);
    const open = this.#files.filter(({ handle }) => handle !== null);
    const answer = await this.#request(
      open.flatMap(({ handle, count }) => [seekToStart(handle!), readCommand(handle!, count)]),
    );
    this.#requireSame(answer);
    const contents = new Map<GuestFile, FileContent>();
    for (const [i, file] of open.entries()) {
      contents.set(file, await this.#whole(file, answer.replies[2 * i]!, answer.replies[2 * i + 1]!));
    }
    await this.#closeAll(open.filter(({ isReopened }) => isReopened));
    const time = {
      sentNs: toOpen.length > 0 ? before : answer.sentNs,
      receivedNs: answer.receivedNs,
      epoch: answer.generation - 1,
    };
    return { contents: this.#files.map((file) => contents.get(file) ?? { bytes: null, error: file.error }), time };
  }

  /** Gives the handles back. Never throws: an agent that is gone holds none. */
  async close(): Promise<void> {
    this.#deadlineMs = performance.now() + READ_TIMEOUT_MS;
    await this.#closeAll(this.#files).catch(() => {});
  }

  async #openAll(files: readonly GuestFile[]): Promise<void> {
    const { replies, generation } = await this.#request(
      files.map(({ path }) => ({ execute: 'guest-file-open', args: { path, mode: 'r' } })),
    );
    this.#generation = generation;
    for (const [i, file] of files.entries()) {
      const { value, refusal } = replies[i]!;
      if (refusal === null && !Number.isSafeInteger(value)) throw this.#nonsense('guest-file-open');
      file.handle = refusal === null ? (value as number) : null;
      file.error = refusal === null ? null : systemCode(refusal);
    }
  }

  async #closeAll(files: readonly GuestFile[]): Promise<void> {
    const handles = files.flatMap(({ handle }) => (handle === null ? [] : [handle]));
    for (const file of files) file.handle = null;
    // another agent may have given the same numbers to others
    if (handles.length === 0 || this.#generation !== this.#agent.generation) return;
    const commands = handles.map((handle) => ({ execute: 'guest-file-close', args: { handle } }));
    await this.#request(commands);
  }

  async #whole(file: GuestFile, seek: AgentReply, first: AgentReply): Promise<FileContent> {
    const refusal = seek.refusal ?? first.refusal;
    if (refusal !== null) return { bytes: null, error: systemCode(refusal) };
    if (positionOf(seek) !== 0) throw this.#nonsense('guest-file-seek');
    const parts = [this.#partOf(first, file.count)];
    let length = parts[0]!.bytes.length;
    while (!parts.at(-1)!.isEnd) {
      if (length > MAX_FILE_BYTES) return { bytes: null, error: 'EFBIG' };
      const { replies } = await this.#request([readCommand(file.handle!, length)]);
      const { refusal: later } = replies[0]!;
      if (later !== null) return { bytes: null, error: systemCode(later) };
      parts.push(this.#partOf(replies[0]!, length));
      length += parts.at(-1)!.bytes.length;
    }
    if (parts.length > 1) file.count = 2 * length; // spares the second round next time
    return {
      bytes: parts.length === 1 ? parts[0]!.bytes : Buffer.concat(parts.map(({ bytes }) => bytes)),
      error: null,
    };
  }

  /** The text of the guest is what it says it is only as far as it fits what was asked for. */
  #partOf({ value }: AgentReply, asked: number): Part {
    const { 'buf-b64': text, eof } = (value ?? {}) as { 'buf-b64'?: unknown; eof?: unknown };
    if (typeof text !== 'string' || text.length > Math.ceil(asked / 3) * 4) throw this.#nonsense('guest-file-read');
    const bytes = Buffer.from(text, 'base64');
    // short of what was asked for, procfs had no more to say
    return { bytes, isEnd: eof === true || bytes.length < asked };
  }

  /** Handles that were given by one agent are nothing, or other files, to the next; nobody may have told that there is another. */
  #requireSame(answer: AgentAnswer): void {
    if (answer.replies.some(({ refusal }) => LOST_HANDLE.test(refusal ?? ''))) this.#agent.renew(answer);
    if (this.#generation !== this.#agent.generation)
      throw new AgentError('AGENT_CLOSED', 'the agent was started anew between opening and reading');
  }

  #nonsense(what: string): AgentError {
    this.#agent.resync(`its reply to ${what} makes no sense`);
    return new AgentError('AGENT_PROTOCOL', `the agent of the guest is not to be understood: ${what}`);
  }

  #request(commands: readonly AgentCommand[]) {
    const timeoutMs = Math.max(1, this.#deadlineMs - performance.now());
    return this.#agent.request(commands, { priority: this.#priority, timeoutMs });
  }
}

/** The agent takes numbers too (GuestFileWhence). */
const SEEK_SET = 0;
const seekToStart = (handle: number): AgentCommand => ({
  execute: 'guest-file-seek',
  args: { handle, offset: 0, whence: SEEK_SET },
});
const readCommand = (handle: number, count: number): AgentCommand => ({
  execute: 'guest-file-read',
  // each word of a command costs the guest time
  args: count === DEFAULT_READ_BYTES ? { handle } : { handle, count },
});

function positionOf({ value }: AgentReply): unknown {
  return ((value ?? {}) as { position?: unknown }).position;
}

/** The agent tells why in words, those of strerror(3) at their end. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/No such file or directory/, 'ENOENT'],
  [/Permission denied/, 'EACCES'],
  [/Operation not permitted/, 'EPERM'],
  [/No such process/, 'ESRCH'],
  [/No such device/, 'ENODEV'],
  [/not supported/, 'EOPNOTSUPP'],
  [/Is a directory/, 'EISDIR'],
  [/Not a directory/, 'ENOTDIR'],
  [/Too many open files/, 'EMFILE'],
];

export function systemCode(refusal: string): string {
  return CODES.find(([words]) => words.test(refusal))?.[1] ?? 'EIO';
}
