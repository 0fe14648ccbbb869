import { randomUUID } from 'node:crypto';
import { createConnection, type Socket } from 'node:net';
import { jsonLine } from '../json/json-line.js';
import { LineSplitter } from '../program/line-splitter.js';
import { AwaitedAnswers } from './awaited-answers.js';
import { QmpError } from './qmp-error.js';
import { parseMessage, type QmpEvent, type QmpMessage } from './qmp-message.js';

const TIMEOUT_MS = 5_000;
const MAX_LINE_BYTES = 1024 * 1024;
/** A monitor that is stopped answers nothing: what it is still sent has to have an end. */
const MAX_LATE = 64;
/** What waits for the greeting; commands have ids of their own. */
const GREETING = 'greeting';

export interface QmpConnectOptions {
  /** How long connecting may take in all, and a command unless it says otherwise; 5 s. */
  readonly timeoutMs?: number;
  /** A longer line is dropped, and fails what waits for an answer; 1 MiB. */
  readonly maxLineBytes?: number;
  /** Each event, in order with the answers. It MUST NOT throw. */
  onEvent?(event: QmpEvent): void;
}

/**
 * A client of QEMU's monitor. Commands may be sent one behind the other, without waiting for answers. Integers come out
 * exact: as bigints where a double would round them. What is no QMP fails the commands that wait for an answer, and the
 * connection stands: whoever controls a machine must not lose it to one bad line.
 */
export class QmpClient {
  /** The connection has ended, whoever ended it. Never rejects. */
  readonly closed: Promise<void>;
  readonly #path: string;
  readonly #o: QmpConnectOptions & { readonly timeoutMs: number };
  readonly #socket: Socket;
  readonly #answers = new AwaitedAnswers();
  /** Of this connection only: the answer to a former client may reach the next. */
  readonly #idStem = randomUUID().slice(0, 8);
  #sent = 0;
  #version = '';
  #isClosed = false;

  private constructor(path: string, options: QmpConnectOptions) {
    this.#path = path;
    this.#o = { timeoutMs: TIMEOUT_MS, ...options };
    this.#socket = createConnection(path);
    const lines = new LineSplitter({
      maxBytes: options.maxLineBytes ?? MAX_LINE_BYTES,
      onLine: (line) => this.#take(parseMessage(line.toString('utf8'))),
      onLongLine: (bytes) => this.#answers.failAll(this.#notQmp(`a line of ${bytes} bytes`)),
    });
    this.#socket.on('data', (chunk) => lines.write(chunk));
    this.#socket.on('error', (error) => this.#end(error));
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', () => {
        this.#end();
        resolve();
      });
    });
  }

  /**
   * Connects and leaves the negotiation mode. Throws the system's error (ENOENT; ECONNREFUSED of a stale socket; EACCES),
   * or QmpError: QMP_TIMEOUT if no greeting comes, as a rule because another client is connected; QMP_PROTOCOL if the
   * socket is no monitor's; QMP_CLOSED.
   */
  static async connect(path: string, options: QmpConnectOptions = {}): Promise<QmpClient> {
    const client = new QmpClient(path, options);
    const { timeoutMs } = client.#o;
    const deadline = performance.now() + timeoutMs;
    try {
      client.#version = await client.#greeting();
      await client.execute('qmp_capabilities', {}, { timeoutMs: Math.max(1, deadline - performance.now()) });
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** QEMU's, as in `7.2.22`. */
  get version(): string {
    return this.#version;
  }

  /** What the command returns. Rejects with a QmpError. An answer that comes after its timeout is dropped. */
  async execute<T = unknown>(
    command: string,
    args: Readonly<Record<string, unknown>> = {},
    { timeoutMs = this.#o.timeoutMs }: { readonly timeoutMs?: number } = {},
  ): Promise<T> {
    if (this.#isClosed) throw new QmpError('QMP_CLOSED', `${command}: the monitor ${this.#path} is closed`);
    if (this.#answers.lateCount >= MAX_LATE)
      throw new QmpError('QMP_TIMEOUT', `${command} was not sent: ${MAX_LATE} commands before it have no answer yet`);
    const id = `${this.#idStem}-${++this.#sent}`;
    const late = () => new QmpError('QMP_TIMEOUT', `${command} was not answered within ${Math.round(timeoutMs)} ms`);
    const answer = this.#answers.to(id, command, timeoutMs, late);
    this.#send(jsonLine({ execute: command, arguments: args, id }));
    return (await answer) as T;
  }

  /** Idempotent. What waits for an answer is rejected with QMP_CLOSED. */
  close(): void {
    this.#end();
    this.#socket.destroy();
  }

  /** What is asked in one turn of the event loop goes out in one write. */
  #send(line: string): void {
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork();
      process.nextTick(() => this.#socket.uncork());
    }
    this.#socket.write(line);
  }

  #greeting(): Promise<string> {
    const late = () => this.#noGreeting(`gave no greeting within ${this.#o.timeoutMs} ms`);
    return this.#answers.to(GREETING, GREETING, this.#o.timeoutMs, late) as Promise<string>;
  }

  #noGreeting(what: string): QmpError {
    const question = 'is another client connected, or QEMU stopped?';
    return new QmpError('QMP_TIMEOUT', `the monitor ${this.#path} ${what}: ${question}`, {
      remedy: 'a monitor takes one client at a time: end the other, or give QEMU a second -qmp socket',
    });
  }

  #take(message: QmpMessage): void {
    if (message.kind === 'event') this.#o.onEvent?.(message.event);
    else if (message.kind === 'greeting') this.#answers.take(GREETING)?.resolve(message.version);
    else if (message.kind === 'reply') this.#answers.take(message.id)?.resolve(message.value);
    else if (message.kind === 'error') this.#takeError(message);
    else this.#answers.failAll(this.#notQmp(message.shown));
  }

  /** One without an id is about something that QEMU could not even parse. */
  #takeError({ id, errorClass, description }: Extract<QmpMessage, { kind: 'error' }>): void {
    const awaited = this.#answers.take(id);
    const what = awaited?.command ?? this.#path;
    const error = new QmpError('QMP_ERROR', `${what}: ${description} (${errorClass})`, { errorClass, description });
    if (id === undefined) this.#answers.failAll(error);
    else awaited?.reject(error);
  }

  #notQmp(what: string): QmpError {
    return new QmpError('QMP_PROTOCOL', `what ${this.#path} says is no QMP: ${what}`, {
      remedy: "name the socket of QEMU's option -qmp, not one of -monitor or of the guest agent",
    });
  }

  #end(cause?: NodeJS.ErrnoException): void {
    this.#isClosed = true;
    const isConnecting = this.#answers.has(GREETING);
    if (isConnecting && cause?.code === 'EAGAIN') this.#answers.failAll(this.#noGreeting('has clients that wait'));
    else if (isConnecting && cause !== undefined) this.#answers.failAll(cause);
    else
      this.#answers.failAll(
        new QmpError('QMP_CLOSED', `the connection to the monitor ${this.#path} has ended`, { cause }),
      );
  }
}
