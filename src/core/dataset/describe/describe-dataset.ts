import { printJson } from '../../json/exact-json.js';
import type { DatasetDocument, View } from '../dataset-document.js';
import type { FeatureDocument } from '../feature-document.js';
import { croissant } from './croissant.js';
import { datapackage } from './datapackage.js';
import { datasetCard } from './dataset-card.js';
import { overviewPage } from './overview-page.js';

/**
 * Every file that tells what a data set is, by its path in the data set's folder: dataset.json and the features.json of
 * each view, and the same for others: croissant.json, datapackage.json, README.md, index.html. Pure: equal documents
 * give equal texts.
 */
export function describeDataset(
  document: DatasetDocument,
  features: ReadonlyMap<View, FeatureDocument>,
): ReadonlyMap<string, string> {
  return new Map([
    ['dataset.json', printJson(document)],
    ...[...features].map(([view, of]): [string, string] => [`${view}/features.json`, printJson(of)]),
    ['croissant.json', printJson(croissant(document))],
    ['datapackage.json', printJson(datapackage(document))],
    ['README.md', datasetCard(document, features)],
    ['index.html', overviewPage(document, features)],
  ]);
}
