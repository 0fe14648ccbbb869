/** pcap(5): the head of the file, and that of each packet, whose captured length stands at this offset. */
const FILE_HEAD = 24;
const PACKET_HEAD = 16;
const LENGTH_AT = 8;
/** Longer than tcpdump's snapshot: this is no packet, and nothing behind it can be told apart. */
const MAX_PACKET = 1024 * 1024;

/** Passes a stream of pcap on up to a limit, and ends it between two packets: what is kept can be read to its end. */
export class PcapLimiter {
  /** Bytes that came after the limit. */
  dropped = 0;
  readonly #sink: (bytes: Uint8Array) => void;
  #room: number;
  #pending: Buffer = Buffer.alloc(0);
  #isHeadRead = false;

  constructor(limitBytes: number, sink: (bytes: Uint8Array) => void) {
    this.#room = limitBytes;
    this.#sink = sink;
  }

  write(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    let [whole, kept] = [0, 0];
    for (;;) {
      const length = this.#recordAt(whole);
      if (length === null || whole + length > this.#pending.length) break;
      this.#isHeadRead = true;
      // what does not fit ends the file, also if something shorter behind it would
      if (length > this.#room) this.#room = 0;
      else kept += length;
      this.#room = Math.max(0, this.#room - length);
      whole += length;
    }
    if (kept > 0) this.#sink(this.#pending.subarray(0, kept));
    this.dropped += whole - kept;
    this.#pending = this.#pending.subarray(whole);
  }

  /** The length of the record that begins there; null while too little of it is there. */
  #recordAt(at: number): number | null {
    if (!this.#isHeadRead) return FILE_HEAD;
    if (at + PACKET_HEAD > this.#pending.length) return null;
    const length = this.#pending.readUInt32LE(at + LENGTH_AT);
    if (length <= MAX_PACKET) return PACKET_HEAD + length;
    this.#room = 0;
    return this.#pending.length - at;
  }
}
