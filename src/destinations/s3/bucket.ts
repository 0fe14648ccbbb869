import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { addAbortSignal, type Readable } from 'node:stream';
import type { S3 } from '@aws-sdk/client-s3';
import { DestinationError } from '../../index.js';
import type { Location } from './location.js';
import { isCode, statusOf, told } from './trouble.js';

/** For tidying up after a failure: the signal of the call may be the reason for it. */
const ABORT_MS = 3_000;
const TYPE = 'application/octet-stream';

/** Where content goes, and its digest in hex. */
export interface Target {
  readonly key: string;
  readonly sha256: string;
  readonly isNew: boolean;
}

/** A part of an upload; numbers start at 1. */
export interface Part {
  readonly key: string;
  readonly id: string;
  readonly number: number;
}

/** The objects of a bucket. What the server refuses or loses is thrown as DestinationError. */
export class Bucket {
  readonly #s3: S3;
  readonly #name: string;
  readonly #trustChecksums: boolean | undefined;

  constructor(s3: S3, { bucket }: Location, { trustChecksums }: { trustChecksums: boolean | undefined }) {
    this.#s3 = s3;
    this.#name = bucket;
    this.#trustChecksums = trustChecksums;
  }

  /**
   * Whether the checksums that the server reports are its own. AWS refuses an upload whose checksum is wrong; another
   * server may as well repeat what it was told. An endpoint of the environment or of a profile is known after the first call.
   */
  get #trusted(): boolean {
    return this.#trustChecksums ?? this.#s3.config.isCustomEndpoint !== true;
  }

  /** The sizes of all objects whose keys begin like this. */
  async list(prefix: string, signal: AbortSignal): Promise<Map<string, number>> {
    const sizes = new Map<string, number>();
    let from: string | undefined;
    do {
      const input = { Bucket: this.#name, Prefix: prefix, ...(from === undefined ? {} : { ContinuationToken: from }) };
      const page = await this.#told('list', prefix, signal, () =>
        this.#s3.listObjectsV2(input, { abortSignal: signal }),
      );
      for (const { Key, Size } of page.Contents ?? []) if (Key !== undefined) sizes.set(Key, Size ?? 0);
      from = page.NextContinuationToken;
    } while (from !== undefined);
    return sizes;
  }

  /** Null if there is no such object. */
  content(key: string, signal: AbortSignal): Promise<Buffer | null> {
    return this.#read(key, signal, async (body) => Buffer.concat(await body.toArray()));
  }

  /** The digest of an object's content, in hex; null if there is no such object. */
  async digest(key: string, signal: AbortSignal): Promise<string | null> {
    return (this.#trusted ? await this.#reported(key, signal) : null) ?? (await this.#readBack(key, signal));
  }

  /** Of an object that came in one piece, and that the server has hashed as it came: that of parts is a hash of their hashes. */
  async #reported(key: string, signal: AbortSignal): Promise<string | null> {
    const input = { Bucket: this.#name, Key: key, ChecksumMode: 'ENABLED' as const };
    const head = await this.#told('look up', key, signal, () =>
      unlessMissing(this.#s3.headObject(input, { abortSignal: signal })),
    );
    const checksum = head?.ChecksumSHA256;
    // "-" and the number of parts end one of parts, where the server does not tell the type
    if (checksum === undefined || head?.ChecksumType === 'COMPOSITE' || checksum.includes('-')) return null;
    return Buffer.from(checksum, 'base64').toString('hex');
  }

  #readBack(key: string, signal: AbortSignal): Promise<string | null> {
    return this.#read(key, signal, async (body) => {
      const hash = createHash('sha256');
      for await (const chunk of body) hash.update(chunk as Buffer);
      return hash.digest('hex');
    });
  }

  #read<T>(key: string, signal: AbortSignal, use: (body: Readable) => Promise<T>): Promise<T | null> {
    return this.#told('read', key, signal, async () => {
      const input = { Bucket: this.#name, Key: key };
      const object = await unlessMissing(this.#s3.getObject(input, { abortSignal: signal }));
      // the signal of the request ends with its head
      return object === null ? null : await use(addAbortSignal(signal, object.Body as Readable));
    });
  }

  /** `isNew`: nothing had the key; where something has it meanwhile, that is another run's, and stays (`passing`). */
  async put({ key, sha256, isNew }: Target, content: Buffer, signal: AbortSignal): Promise<void> {
    const checksum = this.#trusted ? { ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64') } : {};
    const input = { ...this.#object(key, sha256), ...checksum, Body: content };
    const send = (condition: Condition) => this.#s3.putObject({ ...input, ...condition }, { abortSignal: signal });
    const isWritten = await this.#told('write', key, signal, () => (isNew ? unlessThere(send) : sent(send)));
    if (!isWritten) throw overtaken(key);
  }

  /** Returns whether it was written. Where the server can't tell, one that is there is overwritten: look before, and after. */
  putUnlessThere(key: string, content: Buffer, sha256: string, signal: AbortSignal): Promise<boolean> {
    const input = { ...this.#object(key, sha256), Body: content };
    return this.#told('write', key, signal, () =>
      unlessThere((condition) => this.#s3.putObject({ ...input, ...condition }, { abortSignal: signal })),
    );
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    const input = { Bucket: this.#name, Key: key };
    await this.#told('remove', key, signal, () => this.#s3.deleteObject(input, { abortSignal: signal }));
  }

  /** Begins an upload in parts, and gives its id. */
  startUpload(key: string, sha256: string, signal: AbortSignal): Promise<string> {
    return this.#told('write', key, signal, async () => {
      const { UploadId } = await this.#s3.createMultipartUpload(this.#object(key, sha256), { abortSignal: signal });
      if (UploadId === undefined) throw new Error('the answer names no upload');
      return UploadId;
    });
  }

  /** Gives what the upload is completed with. */
  putPart({ key, id, number }: Part, content: Buffer, signal: AbortSignal): Promise<string> {
    const input = { Bucket: this.#name, Key: key, UploadId: id, PartNumber: number, Body: content };
    return this.#told('write', key, signal, async () => {
      const { ETag } = await this.#s3.uploadPart(input, { abortSignal: signal });
      if (ETag === undefined) throw new Error('the answer names no part');
      return ETag;
    });
  }

  async completeUpload(
    { key, isNew }: Target,
    id: string,
    etags: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const Parts = etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
    const input = { Bucket: this.#name, Key: key, UploadId: id, MultipartUpload: { Parts } };
    const send = (condition: Condition) =>
      this.#s3.completeMultipartUpload({ ...input, ...condition }, { abortSignal: signal });
    const isWritten = await this.#told('write', key, signal, () => (isNew ? unlessThere(send) : sent(send)));
    if (!isWritten) throw overtaken(key);
  }

  /** Its parts would be kept, and paid for. Never throws: there is an error already. */
  async abortUpload(key: string, id: string): Promise<void> {
    const abortSignal = AbortSignal.timeout(ABORT_MS);
    await this.#s3
      .abortMultipartUpload({ Bucket: this.#name, Key: key, UploadId: id }, { abortSignal })
      .catch(() => {});
  }

  destroy(): void {
    this.#s3.destroy();
  }

  /** The digest is for people and other programs: here it proves nothing. */
  #object(key: string, sha256: string) {
    return { Bucket: this.#name, Key: key, ContentType: TYPE, Metadata: { sha256 } };
  }

  #told<T>(verb: string, key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    // each request listens, and all episodes of a run may share one signal: Node would take it for a leak
    setMaxListeners(0, signal);
    return told(`could not ${verb} s3://${this.#name}/${key}`, signal, work);
  }
}

/** How servers say that they don't know conditional writes. */
const NO_CONDITIONS = ['NotImplemented', 'InvalidArgument', 'InvalidRequest'];

interface Condition {
  readonly IfNoneMatch?: '*';
}

/** Sends on the condition that the key is free; without it where the server knows none. Returns whether it was. */
async function unlessThere(send: (condition: Condition) => Promise<unknown>): Promise<boolean> {
  try {
    await send({ IfNoneMatch: '*' });
  } catch (error) {
    if (isCode(error, 'PreconditionFailed', 'ConditionalRequestConflict') || statusOf(error) === 412) return false;
    if (!isCode(error, ...NO_CONDITIONS) && statusOf(error) !== 501) throw error;
    await send({});
  }
  return true;
}

async function sent(send: (condition: Condition) => Promise<unknown>): Promise<boolean> {
  await send({});
  return true;
}

const overtaken = (key: string) =>
  new DestinationError('passing', `another run has written ${key} meanwhile, which is left as it is`);

/** A bucket that is missing is an error; an object that is, is an answer. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isCode(error, 'NoSuchKey', 'NotFound')) return null;
    throw error;
  }
}
