import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inject, injectable } from '../di/container.js';
import { VERSION } from '../di/tokens.js';
import { CisError } from '../errors/cis-error.js';
import { FILE_MODE } from '../files/permissions.js';
import { printJson } from '../json/exact-json.js';
import { SchemaRegistry } from '../schemas/schema-registry.js';
import { DATASET_SCHEMA_VERSION, type DatasetDocument, type ExcludedEpisode, type Table } from './dataset-document.js';
import { type DatasetOptions, optionsDocument } from './dataset-options.js';
import { describeDataset } from './describe/describe-dataset.js';
import { type Database, engineVersion } from './duckdb/database.js';
import { checkViews } from './publish/check-views.js';
import { datasetEpisode, datasetSource } from './publish/dataset-parts.js';
import { warningsOf } from './publish/dataset-warnings.js';
import type { DraftFolder } from './publish/draft-folder.js';
import { inDraft } from './publish/in-draft.js';
import { writtenTable } from './publish/table-files.js';
import { selectEpisodes } from './select/select-episodes.js';
import { commonSources } from './sources/common-sources.js';
import { inputOf, type SourceSpec } from './sources/source-spec.js';
import { type PlacedEpisodes, placeEpisodes } from './split/place-episodes.js';
import { EPISODE_TABLES, writeEpisodeTables } from './tables/write-episode-tables.js';
import { writeRows } from './tables/write-rows.js';
import { type WrittenView, writeView } from './views/write-view.js';

export interface BuildRequest {
  /** Ids, folders, folders of episodes, globs. */
  readonly args: readonly string[];
  readonly options: DatasetOptions;
  /** Absolute. */
  readonly out: string;
  readonly isForced: boolean;
  /** The folder that ids are looked up in. */
  readonly output: string;
  readonly cwd: string;
  readonly command: readonly string[];
  /** What is being done, for the person who waits. */
  readonly onProgress: (what: string) => void;
}

/** What goes in, once everything is decided. */
interface Prepared {
  readonly specs: readonly SourceSpec[];
  readonly episodes: PlacedEpisodes;
  readonly excluded: readonly ExcludedEpisode[];
}

/** Makes a data set of finished episodes. It is built aside, and gets its name when all of it is right. */
@injectable()
export class DatasetBuilder {
  readonly #schemas: SchemaRegistry;
  readonly #version: string;

  constructor(@inject(SchemaRegistry) schemas: SchemaRegistry, @inject(VERSION) version: string) {
    this.#schemas = schemas;
    this.#version = version;
  }

  /** Throws DATASET_*, SPLIT_IMPOSSIBLE, EPISODE_NOT_FOUND and Interrupted. */
  build(request: BuildRequest): Promise<DatasetDocument> {
    const { out, isForced, onProgress } = request;
    return inDraft({ out, isForced, knownBy: 'dataset.json' }, async (draft, database) => {
      onProgress('looking at the episodes');
      return this.#write(database, draft, await this.#prepare(request), request);
    });
  }

  async #prepare({ args, options, output, cwd }: BuildRequest): Promise<Prepared> {
    const { minGrade, views, sources: names, skipIncomplete } = options;
    const selection = await selectEpisodes({ args, output, cwd, minGrade, schemas: this.#schemas });
    const { sources, episodes, excluded } = commonSources(selection.episodes, { views, names, skipIncomplete });
    const leftOut = [...selection.excluded, ...excluded];
    return { specs: sources, episodes: placed(episodes, options, leftOut), excluded: leftOut };
  }

  async #write(
    database: Database,
    draft: DraftFolder,
    { specs, episodes, excluded }: Prepared,
    { options, out, command, onProgress }: BuildRequest,
  ): Promise<DatasetDocument> {
    onProgress(`reading the rows of ${episodes.placed.length} episodes`);
    const rowsOf = (source: string, split: string) => join(draft.scratch, `${source}.${split}.parquet`);
    for (const split of episodes.splits) await writeSplit(database, draft, { specs, episodes, split, rowsOf });
    const views: WrittenView[] = [];
    for (const view of options.views) {
      onProgress(`making the features of the ${view} view`);
      views.push(await writeView(view, { database, draft, specs, episodes, options, rowsOf }));
    }
    const classes = requireClasses(views, episodes.splits);
    const features = new Map(views.map((each) => [each.view, each.features]));
    onProgress('checking what was written');
    const tables: Table[] = [];
    for (const plan of [...EPISODE_TABLES, ...views.flatMap((view) => view.tables)])
      tables.push(await writtenTable(database, draft.path, plan, episodes.splits));
    await checkViews({
      database,
      root: draft.path,
      tables,
      features,
      episodes: episodes.placed.map(({ episode }) => episode),
    });
    const document: DatasetDocument = {
      schema_version: DATASET_SCHEMA_VERSION,
      name: basename(out),
      cis490_version: this.#version,
      duckdb_version: await engineVersion(database),
      command,
      options: optionsDocument(options),
      views: options.views,
      splits: episodes.splits,
      classes,
      episodes: episodes.placed.map(datasetEpisode),
      excluded_episodes: excluded,
      excluded_rows: views[0]!.excluded,
      aligned_rows: views[0]!.aligned,
      sources: specs.map(datasetSource),
      tables,
      warnings: warningsOf({ views, splits: episodes.document, excluded, classes }),
    };
    const texts = new Map([...describeDataset(document, features), ['splits.json', printJson(episodes.document)]]);
    for (const [name, text] of texts) writeFileSync(draft.file(name), text, { mode: FILE_MODE });
    return document;
  }
}

/** Where too few are left to be split, it matters what was left out. Throws SPLIT_IMPOSSIBLE. */
function placed(
  episodes: Parameters<typeof placeEpisodes>[0],
  options: DatasetOptions,
  leftOut: readonly ExcludedEpisode[],
): PlacedEpisodes {
  try {
    return placeEpisodes(episodes, options);
  } catch (error) {
    if (!(error instanceof CisError)) throw error;
    const { code, message, hint, problems } = error;
    throw new CisError(code, message, {
      ...{ cause: error, hint },
      problems: [...problems, ...leftOut.map(({ path, why }) => `left out ${path}: ${why}`)],
    });
  }
}

interface SplitRequest {
  readonly specs: readonly SourceSpec[];
  readonly episodes: PlacedEpisodes;
  readonly split: string;
  readonly rowsOf: (source: string, split: string) => string;
}

async function writeSplit(database: Database, draft: DraftFolder, { specs, episodes, split, rowsOf }: SplitRequest) {
  const placed = episodes.placed.filter((each) => each.split === split);
  for (const spec of specs) {
    const inputs = placed.map(({ episode }) => inputOf(episode, spec.source)!);
    await writeRows(database, spec, inputs, rowsOf(spec.source, split));
  }
  await writeEpisodeTables(database, draft, placed, split);
}

/** The labels of the aligned rows. Throws where there are none, or where a split lacks one. */
function requireClasses(views: readonly WrittenView[], splits: readonly string[]): string[] {
  for (const { view, aligned } of views) {
    const classes = classesOf(aligned);
    if (classes.length === 0)
      throw new CisError(
        'DATASET_EMPTY',
        `the ${view} view would have no aligned row: no label holds over a look-back`,
        {
          hint: "Give phases a label and more time than the grid, its guard band and the labels' uncertainty take.",
        },
      );
    for (const split of splits)
      for (const label of classes)
        if (aligned[split]?.[label] === undefined)
          throw new CisError(
            'SPLIT_IMPOSSIBLE',
            `in the ${view} view ${split} has no aligned row of the class ${label}`,
          );
  }
  return classesOf(views[0]!.aligned);
}

const classesOf = (aligned: WrittenView['aligned']): string[] =>
  [...new Set(Object.values(aligned).flatMap((labels) => Object.keys(labels)))].sort();
