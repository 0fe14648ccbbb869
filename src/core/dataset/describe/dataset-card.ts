import type { DatasetDocument, View } from '../dataset-document.js';
import type { FeatureDocument } from '../feature-document.js';
import { cardFrontMatter } from './card-front-matter.js';
import { cardLoading } from './card-loading.js';
import { cardExclusions, cardFeatures, cardSources, classTable } from './card-sections.js';
import { lede } from './lede.js';
import { codeBlock, plainText } from './markdown.js';
import { shellWords } from './shell-words.js';
import { isOracle, ORACLE_WARNING } from './view-words.js';

type Features = ReadonlyMap<View, FeatureDocument>;

/** README.md: a dataset card for the Hugging Face Hub, which a person reads and whose front matter `datasets` loads. */
export function datasetCard(document: DatasetDocument, features: Features): string {
  const sections = [
    `# ${plainText(document.name)}`,
    plainText(lede(document)),
    oracleWarning(document),
    'index.html has the same as a page with figures; dataset.json has all of it for programs.',
    section('How it was made', howMade(document)),
    section('Classes', classTable(document)),
    section('Sources', cardSources(document)),
    section('Features', cardFeatures(document, features)),
    section('What was left out', cardExclusions(document)),
    section('Warnings', warnings(document)),
    section('Loading it', cardLoading(document)),
    section('Before it is published', BEFORE_PUBLISHING),
  ];
  return `${cardFrontMatter(document)}\n${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

const section = (title: string, body: string): string => (body === '' ? '' : `## ${title}\n\n${body}`);

const oracleWarning = ({ views }: DatasetDocument): string =>
  views.some(isOracle) ? `> **Not for deployment.** ${ORACLE_WARNING}` : '';

function howMade({ command, cis490_version, duckdb_version }: DatasetDocument): string {
  const by = `By cis490 ${cis490_version} and DuckDB ${duckdb_version}, from recorded episodes:`;
  const again = 'The same episodes and options make the same bytes again. dataset.json has the digest of each.';
  return [plainText(by), codeBlock(shellWords(command), 'sh'), again].join('\n\n');
}

const warnings = (document: DatasetDocument): string =>
  document.warnings.map((warning) => `- ${plainText(warning)}`).join('\n');

const BEFORE_PUBLISHING = `A build knows no license, no publisher and no address. Set \`license\` above, and \`license\`, \`creator\`, \`url\`
and \`datePublished\` in croissant.json (until then: none told, not stated, this folder, the day of the last recording).
Names of hosts, images and samples are in the group columns: look whether they may be told.`;
