import { timeInWords } from '../../grade/in-words.js';
import type { DatasetDocument, View } from '../dataset-document.js';
import type { FeatureDocument } from '../feature-document.js';
import { alignedRows, alignedTotal, episodesIn, ofFirstView } from './dataset-figures.js';
import { EXCLUSIONS } from './exclusions.js';
import { counted } from './lede.js';
import { code, markdownTable, plainText } from './markdown.js';
import { VIEW_WORDS } from './view-words.js';

/** Aligned rows and episodes, split by split. */
export function classTable(document: DatasetDocument): string {
  const { splits, classes } = document;
  const rows = splits.map((split) => {
    const counts = classes.map((label) => alignedRows(document, split, label));
    return [code(split), ...counts, alignedTotal(document, split), episodesIn(document, split).length];
  });
  const of = splits.length > 1 ? 'Members of one group of episodes are never in two splits.' : 'Nothing was split.';
  const table = markdownTable(['split', ...classes.map(plainText), 'all rows', 'episodes'], rows);
  return `Rows of \`aligned\`${ofFirstView(document)}. ${of}\n\n${table}`;
}

export function cardSources({ sources }: DatasetDocument): string {
  if (sources.length === 0) return 'None.';
  const rows = sources.map((source) => [
    code(source.source),
    source.available_in_deployment ? 'yes' : '**no: oracle**',
    plainText(`${source.plugin} ${source.plugin_versions.join(', ')}`),
    plainText(source.vantages.join(', ')),
    source.interval_ns === null ? 'varies, or a stream' : timeInWords(source.interval_ns),
  ]);
  return markdownTable(['source', 'on a deployed device', 'collector', 'seen from', 'interval'], rows);
}

export function cardFeatures(document: DatasetDocument, features: ReadonlyMap<View, FeatureDocument>): string {
  const views = document.views.flatMap((view) => features.get(view) ?? []);
  return [ROLES, ...views.map(viewFeatures)].join('\n\n');
}

const ROLES = `Each column has a role in dataset.json: learn from \`feature\` alone, predict \`label\`, split by \`group\`; \`key\`, \`time\` and
\`provenance\` tell which row it is. The features of a view, with the whole transform that made them and statistics of the
split \`train\`, are in the \`features.json\` of its folder; \`cis490 dataset apply\` makes the same columns of a new episode.`;

function viewFeatures(document: FeatureDocument): string {
  const { view, grid_ns, guard_ns, features, sources, window } = document;
  const grid = `A row every ${timeInWords(grid_ns)}, whose label held over its whole look-back and ${timeInWords(guard_ns)} more.`;
  const windows = window === null ? '' : ` A window is ${counted(window.length, 'row')}, every ${window.stride}.`;
  const rows = sources.map(({ source, max_age_ns }) => [
    code(source),
    features.filter((feature) => feature.source === source).length,
    features.filter((feature) => feature.source === source && !feature.available_in_deployment).length,
    timeInWords(max_age_ns),
  ]);
  const table = markdownTable(['source', 'features', 'of them oracle', 'oldest reading used'], rows);
  return `### ${view}\n\n${VIEW_WORDS[view]} ${grid}${windows}\n\n${table}`;
}

/** Rows, then episodes; empty where nothing was left out. */
export function cardExclusions(document: DatasetDocument): string {
  const { excluded_rows, excluded_episodes } = document;
  const rows = excluded_rows.map(({ label, reason, rows: count }) => [plainText(label), count, EXCLUSIONS[reason]]);
  const episodes = excluded_episodes.map(({ id, why }) => `- ${code(id)}: ${plainText(why)}`);
  return [
    rows.length === 0
      ? ''
      : `Rows of the grid${ofFirstView(document)}:\n\n${markdownTable(['label', 'rows', 'because'], rows)}`,
    episodes.length === 0 ? '' : `Episodes:\n\n${episodes.join('\n')}`,
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}
