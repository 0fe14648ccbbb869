import type { CollectorSetup } from '../collection/protocol.js';
import type { VantageFacts } from '../contract/collector.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { localVantageFacts } from '../procfs/vantage-facts.js';
import type { Target } from '../targets/target.js';
import type { CollectorSession } from './collector-session.js';
import type { EpisodeFolder } from './episode-folder.js';

export interface StartOptions {
  readonly target: Target;
  readonly folder: EpisodeFolder;
  readonly roots: CollectorSetup['roots'];
  readonly durationNs: number;
}

/** All collectors are ready, or absent although optional. Throws COLLECTOR_UNAVAILABLE or COLLECTOR_NOT_READY. */
export async function startCollectors(sessions: readonly CollectorSession[], options: StartOptions): Promise<void> {
  const local = localVantageFacts();
  const factsOf = ({ planned }: CollectorSession) =>
    planned.vantage === 'guest' ? (options.target.guest?.facts ?? local) : local;
  const present = sessions.filter(({ isPresent }) => isPresent);
  await Promise.all(present.map((session) => startOrMiss(session, factsOf(session), options)));
  for (const session of present) requireStillReady(session);
}

async function startOrMiss(session: CollectorSession, facts: VantageFacts, options: StartOptions): Promise<void> {
  try {
    await startOne(session, facts, options);
  } catch (error) {
    if (!session.planned.isOptional) throw error;
    session.markAbsent(errorMessage(error));
    await session.host.terminate();
  }
}

async function startOne(
  session: CollectorSession,
  facts: VantageFacts,
  { target, folder, roots, durationNs }: StartOptions,
): Promise<void> {
  session.lookInto(target.guest);
  const { pageSizeBytes, clockTicksPerSecond, cpus } = facts;
  const own = { pageSizeBytes, clockTicksPerSecond, cpus };
  const setup = session.setup(target, own, roots, durationNs);
  const { status, reason = 'its probe says so', remedy } = await session.probe(setup);
  if (status === 'unavailable') {
    const hint = remedy === undefined ? {} : { hint: remedy };
    throw new CisError(
      'COLLECTOR_UNAVAILABLE',
      `collector "${session.source}" can not ${session.planned.vantage === 'guest' ? 'look into the guest' : 'run here'}: ${reason}`,
      hint,
    );
  }
  session.hasStarted = true;
  await session.host.start(setup, folder.telemetry(session.source), folder.artifact(session.source));
}

/** One may have ended while the others were getting ready. Throws COLLECTOR_NOT_READY. */
function requireStillReady(session: CollectorSession): void {
  const { failure } = session.host;
  if (!session.isPresent || failure === null) return;
  const why = `it ended before the recording began: ${failure.message}`;
  if (!session.planned.isOptional)
    throw new CisError('COLLECTOR_NOT_READY', `collector "${session.source}" was not ready: ${why}`);
  session.markAbsent(why);
}
