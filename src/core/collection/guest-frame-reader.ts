import type { MessagePort } from 'node:worker_threads';
import type { FileReading, FileSpec } from '../contract/collector.js';
import type { FileReply, FileRequest, ReadingTime } from '../guest/file-protocol.js';
import type { FrameReader, SampleStamp } from './frame-reader.js';

interface GuestReading extends FileReading {
  bytes: Buffer;
  length: number;
  error: string | null;
  readonly isOptional: boolean;
  wasTold: boolean;
}

type Answer = Exclude<FileReply, { failure: unknown }>;
type Question = FileRequest extends infer R ? (R extends FileRequest ? Omit<R, 'id'> : never) : never;

const EMPTY = Buffer.alloc(0);

/** A collector's thread's end of the main thread's file service in the guest: requests are answered in any order. */
export class GuestPort {
  readonly #port: MessagePort;
  readonly #awaited = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  #nextId = 1;
  #nextSet = 1;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (reply: FileReply) => this.#onReply(reply));
  }

  /** A number for files that are opened together. */
  newSet(): number {
    return this.#nextSet++;
  }

  /** Throws what the agent's client throws, with its `code`. */
  ask(question: Question): Promise<Answer> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#awaited.set(id, { resolve, reject });
      this.#port.postMessage({ ...question, id });
    });
  }

  close(): void {
    this.#port.close();
  }

  #onReply(reply: FileReply): void {
    const awaited = this.#awaited.get(reply.id);
    this.#awaited.delete(reply.id);
    if ('failure' in reply)
      awaited?.reject(Object.assign(new Error(reply.failure.message), { code: reply.failure.code }));
    else awaited?.resolve(reply);
  }
}

export interface GuestFrameReaderOptions {
  readonly specs: Readonly<Record<string, FileSpec>>;
  readonly port: GuestPort;
  /** Told once per optional file that can't be read. */
  onUnreadable(path: string, code: string): void;
}

/** Files of the guest, read through its agent by the main thread. The same collector as locally knows no difference. */
export class GuestFrameReader implements FrameReader {
  readonly files: Readonly<Record<string, FileReading>>;
  readonly #list: readonly GuestReading[];
  readonly #specs: readonly FileSpec[];
  readonly #port: GuestPort;
  readonly #set: number;
  readonly #onUnreadable: GuestFrameReaderOptions['onUnreadable'];
  #isOpen = false;

  constructor({ specs, port, onUnreadable }: GuestFrameReaderOptions) {
    const entries = Object.entries(specs).map(([name, spec]) => [name, closedFile(spec)] as const);
    this.files = Object.fromEntries(entries);
    this.#list = entries.map(([, file]) => file);
    this.#specs = Object.values(specs);
    this.#port = port;
    this.#set = port.newSet();
    this.#onUnreadable = onUnreadable;
  }

  async open(): Promise<void> {
    if (this.#list.length === 0) return;
    this.#isOpen = true;
    const { contents } = await this.#port.ask({ op: 'open', set: this.#set, specs: this.#specs });
    for (const [i, file] of this.#list.entries()) this.#note(file, contents[i]!.error);
  }

  async read(): Promise<SampleStamp | undefined> {
    if (this.#list.length === 0) return undefined;
    const { contents, time } = await this.#port.ask({ op: 'read', set: this.#set });
    for (const [i, file] of this.#list.entries()) {
      const { bytes, error } = contents[i]!;
      file.bytes = bytes === null ? EMPTY : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      file.length = file.bytes.length;
      file.error = error;
      this.#note(file, error);
    }
    return stampOf(time!);
  }

  close(): void {
    if (this.#isOpen) void this.#port.ask({ op: 'close', set: this.#set }).catch(() => {});
    this.#isOpen = false;
  }

  /** Throws what keeps a mandatory file from being read. */
  #note(file: GuestReading, code: string | null): void {
    if (code === null) return;
    if (!file.isOptional || code === 'ESRCH')
      throw Object.assign(new Error(`${file.path}: ${code}, in the guest`), { code });
    if (!file.wasTold) this.#onUnreadable(file.path, code);
    file.wasTold = true;
  }
}

/** The row's time is the middle of request and reply; half of what lies between them is its uncertainty. */
function stampOf({ sentNs, receivedNs, epoch }: ReadingTime): SampleStamp {
  return { atNs: sentNs + (receivedNs - sentNs) / 2n, latestNs: receivedNs, epoch };
}

function closedFile(spec: FileSpec): GuestReading {
  const path = typeof spec === 'string' ? spec : spec.path;
  const isOptional = typeof spec !== 'string' && spec.optional === true;
  return { path, isOptional, bytes: EMPTY, length: 0, error: null, wasTold: false };
}
