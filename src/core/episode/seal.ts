import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import type { CollectorSession } from './collector-session.js';
import type { EpisodeFolder } from './episode-folder.js';
import type { RecordingEnd } from './recording.js';

/** A disk that fills at the very end is no defect either. Throws RECORDING_FAILED. */
export function sealOrFail<T>(seal: () => T, end: RecordingEnd, { path }: EpisodeFolder): T {
  try {
    return seal();
  } catch (error) {
    if (error instanceof CisError) throw error;
    throw new CisError(
      'RECORDING_FAILED',
      `the episode in ${path} could not be finished: ${end.failure ?? errorMessage(error)}`,
      { cause: error },
    );
  }
}

/** No marker where something was lost, or may still be written. Throws RECORDING_FAILED. */
export function requireTrustworthy(
  { isWhole, failure }: RecordingEnd,
  sessions: readonly CollectorSession[],
  folder: EpisodeFolder,
): void {
  if (!isWhole)
    throw new CisError('RECORDING_FAILED', `the recording ended early, whole rows are in ${folder.path}: ${failure}`);
  const unsettled = sessions.find(({ host }) => !host.isFileSettled);
  if (unsettled !== undefined)
    throw new CisError(
      'RECORDING_FAILED',
      `collector "${unsettled.source}" is stuck in writing its file in ${folder.path}`,
    );
}
