const NEWLINE = 0x0a;

export interface LineSplitterOptions {
  /** Longest line in bytes, without its line feed. */
  readonly maxBytes: number;
  /** A whole line, without its line feed. */
  onLine(line: Buffer): void;
  /** A line longer than that was dropped; told once per line, with its length as far as it was seen. */
  onLongLine(bytes: number): void;
}

/** Cuts a stream of bytes into lines. Holds at most one line: a program that never ends one costs no memory. */
export class LineSplitter {
  readonly #o: LineSplitterOptions;
  #parts: Buffer[] = [];
  #held = 0;

  constructor(options: LineSplitterOptions) {
    this.#o = options;
  }

  write(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#hold(chunk.subarray(start, end));
      this.#endLine();
      start = end + 1;
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start));
  }

  /** What came after the last line feed, at the end of the stream, is a line too. */
  end(): void {
    if (this.#held > 0) this.#endLine();
  }

  #hold(bytes: Buffer): void {
    this.#held += bytes.length;
    if (this.#held > this.#o.maxBytes) this.#parts = [];
    else this.#parts.push(bytes);
  }

  #endLine(): void {
    const [parts, held] = [this.#parts, this.#held];
    this.#parts = [];
    this.#held = 0;
    if (held > this.#o.maxBytes) this.#o.onLongLine(held);
    else this.#o.onLine(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
  }
}
