import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export interface DatabaseOptions {
  /** As DuckDB has it; beyond it, it writes to `tempFolder`. */
  readonly memoryLimit?: string;
  readonly threads?: number;
  readonly tempFolder?: string;
}

/** DuckDB, in memory: for reading JSON lines and Parquet, and for writing Parquet. Loaded where it is used: that takes 144 ms. */
export class Database {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** Throws DuckDB's error. */
  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  /** The rows; a BIGINT is a bigint, to the last digit. Throws DuckDB's error. */
  async all(sql: string): Promise<Readonly<Record<string, unknown>>[]> {
    const reader = await this.#connection.runAndReadAll(sql);
    return reader.getRowObjectsJS();
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/**
 * The rows of a grid are made, so the planner takes them for few, and would compare each of them with each cell: of
 * 20,000 that took 170 s instead of one.
 */
const PLANNING = { asof_loop_join_threshold: '0' };

/** What is read is data: no extension is loaded, nothing is fetched, and no statement can change that. */
const LOCKED = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  lock_configuration: 'true',
};

/** Throws DuckDB's error. */
export async function openDatabase({
  memoryLimit = '1GB',
  threads,
  tempFolder,
}: DatabaseOptions = {}): Promise<Database> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    ...LOCKED,
    ...PLANNING,
    memory_limit: memoryLimit,
    ...(threads !== undefined && { threads: String(threads) }),
    temp_directory: tempFolder ?? '',
  });
  return new Database(instance, await instance.connect());
}

/** The version of the engine, `v1.5.4`. */
export async function engineVersion(database: Database): Promise<string> {
  const [row] = await database.all('SELECT version() AS version');
  return String(row?.version);
}
