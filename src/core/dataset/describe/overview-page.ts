import { createHash } from 'node:crypto';
import { timeInWords } from '../../grade/in-words.js';
import { type Html, html, NOTHING } from '../../text/html.js';
import type { DatasetDocument, DatasetSource, Table, View } from '../dataset-document.js';
import type { FeatureDocument } from '../feature-document.js';
import { alignedTotal, bytesOf, rowsOf } from './dataset-figures.js';
import { lede, thousands } from './lede.js';
import { overviewClasses } from './overview-classes.js';
import { overviewEpisodes, overviewExclusions } from './overview-episodes.js';
import { overviewFeatures } from './overview-features.js';
import { badge, dataTable } from './overview-parts.js';
import { OVERVIEW_STYLE } from './overview-style.js';
import { shellWords } from './shell-words.js';
import { isOracle } from './view-words.js';

type Features = ReadonlyMap<View, FeatureDocument>;

/**
 * index.html: what is in the data set, for a person. One file that loads nothing and runs nothing; its policy refuses
 * whatever text from an episode might try.
 */
export function overviewPage(document: DatasetDocument, features: Features): string {
  const digest = createHash('sha256').update(OVERVIEW_STYLE).digest('base64');
  const head = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${document.name}: a data set of cis490</title>
`;
  return `${head}<style>${OVERVIEW_STYLE}</style>\n</head>\n${body(document, features)}\n</html>\n`;
}

function body(document: DatasetDocument, features: Features): Html {
  return html`<body>
<header>
<p class="eyebrow">data set</p>
<h1>${document.name}</h1>
<p>${lede(document)}</p>
${navigation(document)}
</header>
<main>
${tiles(document, features)}
${warnings(document)}
${overviewClasses(document)}
${sources(document)}
${overviewFeatures(document, features)}
${overviewExclusions(document)}
${overviewEpisodes(document)}
${tables(document)}
${command(document)}
<footer>Made by cis490 ${document.cis490_version} with DuckDB ${document.duckdb_version}. README.md tells how to load it; dataset.json has all of this for programs.</footer>
</main>
</body>`;
}

function navigation({ warnings: { length }, excluded_rows, excluded_episodes }: DatasetDocument): Html {
  const hasExclusions = excluded_rows.length + excluded_episodes.length > 0;
  const links: [string, string, boolean][] = [
    ['warnings', 'Warnings', length > 0],
    ['classes', 'Classes', true],
    ['sources', 'Sources', true],
    ['features', 'Features', true],
    ['left-out', 'Left out', hasExclusions],
    ['episodes', 'Episodes', true],
    ['tables', 'Tables', true],
    ['command', 'How it was made', true],
  ];
  const shown = links.filter(([, , isShown]) => isShown);
  return html`<nav aria-label="Sections">${shown.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav>`;
}

function tiles(document: DatasetDocument, features: Features): Html {
  const { episodes, views, splits } = document;
  const numbers: [string, string][] = [
    [thousands(episodes.length), episodes.length === 1 ? 'episode' : 'episodes'],
    [thousands(alignedTotal(document)), 'labelled rows'],
    ...views.map((view): [string, string] => [
      thousands(features.get(view)?.features.length ?? 0),
      `features, ${view}`,
    ]),
    [thousands(splits.length), splits.join(', ')],
  ];
  return html`<ul class="tiles">${numbers.map(([value, what]) => html`<li><b>${value}</b><span>${what}</span></li>`)}</ul>`;
}

function warnings({ warnings: sentences }: DatasetDocument): Html {
  if (sentences.length === 0) return NOTHING;
  const items = sentences.map((sentence) => html`<li>${sentence}</li>`);
  return html`<section id="warnings" class="warnings"><h2>Before you train</h2><ul>${items}</ul></section>`;
}

function sources({ sources: all }: DatasetDocument): Html {
  const columns = [
    { title: 'source', cell: ({ source }: DatasetSource) => html`<code>${source}</code>` },
    { title: 'in deployment', cell: (source: DatasetSource) => badge(source.available_in_deployment) },
    {
      title: 'collector',
      cell: ({ plugin, plugin_versions }: DatasetSource) => `${plugin} ${plugin_versions.join(', ')}`,
    },
    { title: 'seen from', cell: ({ vantages }: DatasetSource) => vantages.join(', ') },
    { title: 'interval', isNumber: true, cell: ({ interval_ns }: DatasetSource) => intervalText(interval_ns) },
    { title: 'row version', isNumber: true, cell: ({ row_version }: DatasetSource) => row_version },
  ];
  return html`<section id="sources"><h2>Sources</h2>
<p>A deployable source can be read on the device itself. An oracle looks from outside, and is there in the lab alone.</p>
${dataTable('Sources', columns, all)}</section>`;
}

function tables({ tables: all }: DatasetDocument): Html {
  const columns = [
    { title: 'table', cell: ({ path }: Table) => html`<code>${path}</code>` },
    {
      title: 'view',
      cell: ({ view }: Table) => (view === 'all' ? badge(false) : badge(view === null ? null : !isOracle(view))),
    },
    { title: 'what', isWide: true, cell: ({ description }: Table) => description },
    { title: 'columns', isNumber: true, cell: ({ columns: { length } }: Table) => length },
    { title: 'rows', isNumber: true, cell: (table: Table) => rowsOf(table) },
    { title: 'kB', isNumber: true, cell: (table: Table) => Math.ceil(bytesOf(table) / 1000) },
  ];
  return html`<section id="tables"><h2>Tables</h2>
<p>Folders of Parquet files, one for each split.</p>
${dataTable('Tables', columns, all)}</section>`;
}

function command({ command: words }: DatasetDocument): Html {
  return html`<section id="command"><h2>How it was made</h2>
<p>The same episodes and options make the same bytes again.</p>
<pre>${shellWords(words)}</pre></section>`;
}

const intervalText = (ns: number | null): string => (ns === null ? 'varies, or a stream' : timeInWords(ns));
