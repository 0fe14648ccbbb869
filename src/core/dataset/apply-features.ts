import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject, injectable } from '../di/container.js';
import { CisError } from '../errors/cis-error.js';
import { errorMessage } from '../errors/describe-error.js';
import { FILE_MODE } from '../files/permissions.js';
import { readDocument } from '../files/read-document.js';
import { parseJson, printJson } from '../json/exact-json.js';
import { SchemaRegistry } from '../schemas/schema-registry.js';
import type { ExcludedEpisode } from './dataset-document.js';
import type { Database } from './duckdb/database.js';
import { fileList } from './duckdb/sql.js';
import type { FeatureDocument } from './feature-document.js';
import { writeAligned } from './features/write-aligned.js';
import { writeWindows } from './features/write-windows.js';
import type { DraftFolder } from './publish/draft-folder.js';
import { inDraft } from './publish/in-draft.js';
import type { EpisodeInput } from './select/episode-input.js';
import { selectEpisodes } from './select/select-episodes.js';
import { requireFeatures } from './sources/require-features.js';
import { inputOf, type SourceSpec, sourceSpec } from './sources/source-spec.js';
import { membersOf } from './split/members-of.js';
import { writeRows } from './tables/write-rows.js';
import { GROUP_COLUMNS } from './views/view-tables.js';
import { groupsOf } from './views/write-view.js';

export interface ApplyRequest {
  /** The features.json of a view. */
  readonly features: string;
  /** Ids, folders, folders of episodes, globs. */
  readonly args: readonly string[];
  /** Absolute. */
  readonly out: string;
  readonly isForced: boolean;
  readonly output: string;
  readonly cwd: string;
}

export interface AppliedFeatures {
  readonly path: string;
  readonly episodes: number;
  readonly excluded: readonly ExcludedEpisode[];
  /** Rows by table: aligned, and windows if there are any. */
  readonly rows: Readonly<Record<string, number>>;
  readonly columns: number;
}

/**
 * Runs a data set's transform on other episodes: the same columns, of each row of the grid. Nothing is left out for its
 * label: on a deployed device nobody knows it.
 */
@injectable()
export class FeatureApplier {
  readonly #schemas: SchemaRegistry;

  constructor(@inject(SchemaRegistry) schemas: SchemaRegistry) {
    this.#schemas = schemas;
  }

  /** Throws FEATURES_UNREADABLE, DATASET_* and EPISODE_NOT_FOUND. */
  async apply(request: ApplyRequest): Promise<AppliedFeatures> {
    const document = this.#read(request.features);
    const { args, output, cwd, out, isForced } = request;
    const { episodes, excluded } = await selectEpisodes({
      args,
      output,
      cwd,
      minGrade: 'invalid',
      schemas: this.#schemas,
    });
    requireFeatures(document, episodes);
    return inDraft({ out, isForced, knownBy: 'features.json' }, async (draft, database) => {
      const rows = await write(database, draft, document, episodes);
      writeFileSync(draft.file('features.json'), printJson(document), { mode: FILE_MODE });
      return { path: out, episodes: episodes.length, excluded, rows, columns: document.features.length };
    });
  }

  #read(path: string): FeatureDocument {
    let document: unknown;
    try {
      const text = readDocument(path);
      document = parseJson(text);
      if (this.#schemas.document('features')(JSON.parse(text))) return document as FeatureDocument;
    } catch (error) {
      throw new CisError('FEATURES_UNREADABLE', `${path} ${errorMessage(error)}`, { cause: error });
    }
    throw new CisError('FEATURES_UNREADABLE', `${path} is not what schemas/features.schema.json asks for`);
  }
}

async function write(
  database: Database,
  draft: DraftFolder,
  document: FeatureDocument,
  episodes: readonly EpisodeInput[],
): Promise<Record<string, number>> {
  const specs = document.sources.map(({ source }) => sourceSpec(source, episodes));
  const rowsOf = (source: string) => join(draft.scratch, `${source}.parquet`);
  for (const spec of specs) await writeRows(database, spec, inputsOf(spec, episodes), rowsOf(spec.source));
  const aligned = draft.file('aligned/part-0.parquet');
  await writeAligned({
    database,
    document,
    specs,
    episodes,
    rowsOf,
    groupColumns: GROUP_COLUMNS,
    groupsOf: (episode) => groupsOf({ episode, group: episode.id, members: membersOf(episode.meta) }),
    isForTraining: false,
    keepResidual: true,
    scratch: draft.scratch,
    to: aligned,
  });
  const rows = { aligned: await countRows(database, aligned) };
  if (document.window === null) return rows;
  const windows = draft.file('windows/part-0.parquet');
  await writeWindows({ database, document, groupColumns: GROUP_COLUMNS, aligned, to: windows });
  return { ...rows, windows: await countRows(database, windows) };
}

const inputsOf = ({ source }: SourceSpec, episodes: readonly EpisodeInput[]) =>
  episodes.map((episode) => inputOf(episode, source)!);

async function countRows(database: Database, path: string): Promise<number> {
  const [row] = await database.all(`SELECT count(*) AS n FROM read_parquet(${fileList([path])})`);
  return Number(row?.n);
}
