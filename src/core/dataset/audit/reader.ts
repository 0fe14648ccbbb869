import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '../../errors/describe-error.js';
import { type Database, openDatabase } from '../duckdb/database.js';
import { unreadable } from './dataset-folder.js';

/** What the audit needs of a database. */
export type Reader = Pick<Database, 'all'>;

/** Gives the work a database that is closed behind it. What the database does not like of a file is DATASET_UNREADABLE. */
export async function withReader<T>(folder: string, work: (reader: Reader) => Promise<T>): Promise<T> {
  const tempFolder = mkdtempSync(join(tmpdir(), 'cis490-audit-'));
  try {
    const database = await openDatabase({ tempFolder });
    try {
      return await work({ all: (sql) => database.all(sql).catch((error) => refuse(folder, error)) });
    } finally {
      database.close();
    }
  } finally {
    rmSync(tempFolder, { recursive: true, force: true });
  }
}

function refuse(folder: string, error: unknown): never {
  throw unreadable(`${folder} can not be read as a data set: ${errorMessage(error)}`, error);
}
