/** The wire of the QEMU guest agent (docs/interop/qemu-ga-ref): JSON lines, answered strictly in their order. */

export interface AgentCommand {
  readonly execute: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** One reply: a value, or the agent's words for why not. */
export type AgentReply =
  | { readonly value: unknown; readonly refusal: null }
  | { readonly value: null; readonly refusal: string };

export type AgentErrorCode = 'AGENT_TIMEOUT' | 'AGENT_CLOSED' | 'AGENT_PROTOCOL' | 'AGENT_REFUSED';

/** The agent is silent, gone, talks nonsense, or refused a command. */
export class AgentError extends Error {
  readonly code: AgentErrorCode;

  constructor(code: AgentErrorCode, message: string) {
    super(message);
    this.name = 'AgentError';
    this.code = code;
  }
}

/** A refusal's words are the guest's: so much of them is kept. */
const MAX_REFUSAL_CHARS = 300;
/** Of a reply whose length does not depend on what was asked for. */
const MAX_REPLY_BYTES = 64 * 1024;
/** The output of a command comes in one line, base64 of at most 16 MiB twice (qga/commands.c, GUEST_EXEC_MAX_OUTPUT). */
const MAX_OUTPUT_REPLY_BYTES = 64 * 1024 * 1024;

/** A longer line is parsed only if it holds no more than this of what makes values: a small one can cost thirty times its length. */
const MAX_BUSY_LINE_BYTES = 64 * 1024;
/** An answer of guest-exec-status has one object of seven fields, in base64 there is none of it. */
const MAX_MARKS = 16;
const MARKS = ['{', '[', ','];

export function commandLine({ execute, args }: AgentCommand): string {
  return `${JSON.stringify({ execute, ...(args && { arguments: args }) })}\n`;
}

/** What the agent reads of a file if it is not told how much (QGA_READ_COUNT_DEFAULT). */
export const DEFAULT_READ_BYTES = 4096;

/** How long the line may be that answers a command: a longer one is not held. */
export function maxReplyBytes({ execute, args }: AgentCommand): number {
  if (execute === 'guest-exec-status') return MAX_OUTPUT_REPLY_BYTES;
  const count = execute === 'guest-file-read' ? Number(args?.count ?? DEFAULT_READ_BYTES) : 0;
  return MAX_REPLY_BYTES + Math.ceil(count / 3) * 4;
}

/** What a line says; null if it is no reply. Never throws, whatever it holds. */
export function replyOf(line: Buffer): AgentReply | null {
  if (line.length > MAX_BUSY_LINE_BYTES && !isPlain(line)) return null;
  // the delimiter that guest-sync-delimited would put in front is no JSON
  const text = line.toString('utf8', line[0] === 0xff ? 1 : 0);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof document !== 'object' || document === null) return null;
  if ('return' in document) return { value: document.return, refusal: null };
  const error = 'error' in document ? document.error : null;
  if (typeof error !== 'object' || error === null) return null;
  const words = 'desc' in error ? error.desc : null;
  return { value: null, refusal: typeof words === 'string' ? words.slice(0, MAX_REFUSAL_CHARS) : 'it told no reason' };
}

/** Whether a line is a few long strings. */
function isPlain(line: Buffer): boolean {
  let marks = 0;
  for (const mark of MARKS)
    for (let at = line.indexOf(mark); at >= 0; at = line.indexOf(mark, at + 1)) if (++marks > MAX_MARKS) return false;
  return true;
}
