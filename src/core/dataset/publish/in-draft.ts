import { Interrupted, Interruption } from '../../episode/interruption.js';
import { type Database, openDatabase } from '../duckdb/database.js';
import { DraftFolder, type DraftOptions } from './draft-folder.js';
import { explainFailure } from './explain-failure.js';

/**
 * Does work that makes a folder, which gets its name when all of it is done. A failure or a signal leaves nothing.
 * Throws DATASET_*, and Interrupted.
 */
export async function inDraft<T>(
  options: DraftOptions,
  work: (draft: DraftFolder, database: Database) => Promise<T>,
): Promise<T> {
  const draft = new DraftFolder(options);
  const interruption = new Interruption((exitCode) => process.exit(exitCode));
  try {
    const result = await interruption.guard(withDatabase(draft, (database) => work(draft, database)));
    draft.publish();
    return result;
  } catch (error) {
    if (interruption.signal !== null) throw new Interrupted(interruption.signal, 'before the end; nothing was written');
    throw explainFailure(error, options.out);
  } finally {
    interruption.dispose();
    draft.discard();
  }
}

async function withDatabase<T>(draft: DraftFolder, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ tempFolder: draft.scratch });
  try {
    return await work(database);
  } finally {
    database.close();
  }
}
