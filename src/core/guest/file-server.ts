import type { RecordableHistogram } from 'node:perf_hooks';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { errorCode, errorMessage } from '../errors/describe-error.js';
import { createDurations } from '../time/durations.js';
import type { AgentClient } from './agent-client.js';
import type { FileReply, FileRequest, ReadingTime } from './file-protocol.js';
import { GuestFiles } from './guest-files.js';

/** As of a process that has ended: there is nothing to be read any more, which is no failure. */
const GONE = 'ESRCH';
/** A guest that powers off closes its ports up to 0.1 s before its machine ends. */
const END_TIMEOUT_MS = 1_000;

/** The main thread's side of one collector's reading in the guest. */
export interface ServedFiles {
  /** For the collector's thread. */
  readonly port: MessagePort;
  /** Half the round trip of each reading, in nanoseconds: so far a row's time may be off. */
  readonly uncertainty: RecordableHistogram;
  close(): void;
}

/** Serves a collector's thread: it asks for files of the guest, the main thread owns the agent that reads them. */
export function serveFiles(agent: AgentClient): ServedFiles {
  const { port1, port2 } = new MessageChannel();
  const uncertainty = createDurations();
  const sets = new Map<number, GuestFiles>();
  const note = ({ sentNs, receivedNs }: ReadingTime) =>
    uncertainty.record(Math.max(1, Math.round(Number(receivedNs - sentNs) / 2)));
  port1.on('message', (request: FileRequest) => {
    void answer(agent, sets, request)
      .catch(async (error: unknown): Promise<Answer> => {
        const code = (await isMachineGone(agent, error)) ? GONE : errorCode(error);
        return { failure: { code, message: errorMessage(error) } };
      })
      .then((reply) => {
        if ('time' in reply && reply.time !== null) note(reply.time);
        port1.postMessage({ id: request.id, ...reply });
      });
  });
  port1.unref(); // the recording decides how long there is something to wait for
  return { port: port2, uncertainty, close: () => port1.close() };
}

/** A closed port may be the end of the machine, or of its agent alone: that is known when either is there. */
async function isMachineGone(agent: AgentClient, error: unknown): Promise<boolean> {
  if (errorCode(error) === 'AGENT_CLOSED' && !agent.isMachineGone) await agent.ready(END_TIMEOUT_MS).catch(() => {});
  return agent.isMachineGone;
}

type Answer = FileReply extends infer R ? (R extends FileReply ? Omit<R, 'id'> : never) : never;

async function answer(agent: AgentClient, sets: Map<number, GuestFiles>, request: FileRequest): Promise<Answer> {
  if (request.op === 'open') {
    const files = new GuestFiles(agent, request.specs);
    sets.set(request.set, files);
    const errors = await files.open();
    return { contents: errors.map((error) => ({ bytes: null, error })), time: null };
  }
  const files = sets.get(request.set);
  if (files === undefined) throw new Error(`there is no set ${request.set} of files`);
  if (request.op === 'read') return files.read();
  sets.delete(request.set);
  await files.close();
  return { contents: [], time: null };
}
