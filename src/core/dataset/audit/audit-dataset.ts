import { CisError } from '../../errors/cis-error.js';
import type { Table, View } from '../dataset-document.js';
import type { AuditReport, Told } from './audit-report.js';
import { checkEqualRows, checkNearDuplicates } from './checks/check-duplicates.js';
import { checkEpisodes } from './checks/check-episodes.js';
import { checkExclusions } from './checks/check-exclusions.js';
import { checkLoad } from './checks/check-load.js';
import { checkNulls } from './checks/check-nulls.js';
import { checkPhases } from './checks/check-phases.js';
import { checkOverlaps, checkSameStart } from './checks/check-splits.js';
import { findUnpaired } from './checks/find-unpaired.js';
import { findNearDuplicates } from './checks/near-duplicates.js';
import { sampleRows } from './checks/sample-rows.js';
import { scoreFeatures } from './checks/score-features.js';
import { type DatasetFolder, openDatasetFolder, readFeatures, tableOf, unreadable } from './dataset-folder.js';
import { observe } from './observations.js';
import { type Reader, withReader } from './reader.js';

/** Half of what is uncertain, or an AUC of 0.75, beyond chance. */
export const DEFAULT_THRESHOLD = 0.5;
const SHOWN_DUPLICATES = 100;

export interface AuditOptions {
  /** The deployable one, if there is one, else the first. */
  readonly view?: View | undefined;
  /** 0 to 1: a score beyond it is a leak. */
  readonly threshold: number;
  /** Names of findings that are known and accepted; they are told all the same. */
  readonly ignored: readonly string[];
}

/**
 * What in a finished data set tells the label without being behaviour. Reads alone; the same data set gives the same report.
 * Throws DATASET_UNREADABLE, and USAGE for a view or a finding that there is not.
 */
export async function auditDataset(
  path: string,
  { view: asked, threshold, ignored }: AuditOptions,
): Promise<AuditReport> {
  const folder = openDatasetFolder(path);
  const view = viewOf(folder, asked);
  const { told, ...found } = await withReader(path, (reader) => examine(reader, folder, { view, limit: threshold }));
  const findings = told.map((finding) => ({ ...finding, is_ignored: ignored.includes(finding.name) }));
  requireKnown(ignored, findings);
  return {
    path,
    name: folder.dataset.name,
    view,
    threshold,
    is_leaking: findings.some(({ status, is_ignored }) => status === 'leak' && !is_ignored),
    ...found,
    findings,
  };
}

type Examined = Omit<AuditReport, 'path' | 'name' | 'view' | 'threshold' | 'is_leaking' | 'findings'> & {
  readonly told: readonly Told[];
};

async function examine(
  reader: Reader,
  folder: DatasetFolder,
  { view, limit }: { readonly view: View; readonly limit: number },
): Promise<Examined> {
  const aligned = tableOf(folder, 'aligned', view);
  const features = featureColumns(aligned);
  const observations = await observe(reader, folder, aligned);
  const { classes, episodes, pairs } = observations;
  const sample = await sampleRows(reader, folder, { aligned, features, observations });
  const nearDuplicates = await findNearDuplicates(reader, folder, { aligned, features });
  const told = [
    ...checkEpisodes(observations, limit),
    ...checkPhases(observations, sample, limit),
    await checkNulls(reader, folder, { aligned, features, observations, limit }),
    checkLoad(observations, { sample, features: readFeatures(folder, view), limit }),
    checkExclusions(folder.dataset, limit),
    checkOverlaps(episodes, folder.splits),
    checkSameStart(episodes),
    checkNearDuplicates(episodes, nearDuplicates),
    await checkEqualRows(reader, folder, { aligned, features }),
  ];
  return {
    classes,
    episodes: episodes.length,
    pairs: pairs.length,
    told,
    near_duplicates: nearDuplicates.slice(0, SHOWN_DUPLICATES),
    unpaired: findUnpaired(observations),
    features: scoreFeatures(observations, sample, features),
  };
}

function viewOf({ path, dataset }: DatasetFolder, asked: View | undefined): View {
  const { views } = dataset;
  if (asked === undefined) return views.includes('deployable') ? 'deployable' : views[0]!;
  if (views.includes(asked)) return asked;
  throw new CisError('USAGE', `${path} has no view ${asked}; there is ${views.join(', ')}`);
}

function featureColumns({ path, columns }: Table): string[] {
  const names = columns.filter(({ role }) => role === 'feature').map(({ name }) => name);
  if (names.length === 0) throw unreadable(`${path} has no column with the role feature`);
  return names;
}

function requireKnown(ignored: readonly string[], findings: readonly Told[]): void {
  const names = findings.map(({ name }) => name);
  const unknown = ignored.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new CisError('USAGE', `no finding ${JSON.stringify(unknown)} to be ignored; there are ${names.join(', ')}`);
}
