import { type AgentAnswerer, refused, returned } from './fake-agent.js';

/** What a file of the guest holds, or in which words the agent refuses it. */
export type GuestFile = string | Buffer | { readonly refusal: string };

/** Answers for files by their paths, as qemu-ga does: handles, seek, read to the end, close. */
export class GuestFileSystem {
  readonly open = new Map<number, { readonly path: string; at: number }>();
  readonly files: Record<string, GuestFile>;
  #next = 1_000;

  constructor(files: Record<string, GuestFile>) {
    this.files = files;
  }

  readonly answer: AgentAnswerer = ({ execute, arguments: { path, handle, count } }) => {
    if (execute === 'guest-file-open') return this.#openFile(String(path));
    const file = this.open.get(handle as number);
    if (file === undefined) return refused(`handle '${handle}' has not been found`);
    if (execute === 'guest-file-close') return returned(this.open.delete(handle as number) && {});
    if (execute === 'guest-file-read') return this.#read(file, Number(count ?? 4096));
    file.at = 0;
    return returned({ position: 0, eof: false });
  };

  /** As an agent that was started anew: it knows no handle that was given before. */
  restart(): void {
    this.open.clear();
    this.#next = 1_000;
  }

  #openFile(path: string) {
    const file = this.files[path] ?? {
      refusal: `failed to open file '${path}' (mode: 'r'): No such file or directory`,
    };
    if (typeof file === 'object' && 'refusal' in file) return refused(file.refusal);
    this.open.set(this.#next, { path, at: 0 });
    return returned(this.#next++);
  }

  #read(file: { readonly path: string; at: number }, count: number) {
    const content = this.files[file.path];
    if (content === undefined || (typeof content === 'object' && 'refusal' in content))
      return refused(content?.refusal ?? 'failed to read file: No such process');
    const bytes = Buffer.from(content as string).subarray(file.at, file.at + count);
    file.at += bytes.length;
    return returned({ count: bytes.length, 'buf-b64': bytes.toString('base64'), eof: bytes.length < count });
  }
}
