import { type Html, html, NOTHING } from '../../text/html.js';
import { formatDuration } from '../../time/duration.js';
import type { DatasetDocument, DatasetEpisode, ExcludedEpisode, ExcludedRows } from '../dataset-document.js';
import { ofFirstView, utcText } from './dataset-figures.js';
import { EXCLUSIONS } from './exclusions.js';
import { andMore, dataTable, firstOf } from './overview-parts.js';

export function overviewEpisodes({ episodes }: DatasetDocument): Html {
  const columns = [
    { title: 'episode', cell: ({ id }: DatasetEpisode) => code(id) },
    { title: 'split', cell: ({ split }: DatasetEpisode) => split },
    { title: 'group', cell: ({ group }: DatasetEpisode) => group },
    { title: 'grade', cell: (episode: DatasetEpisode) => gradeText(episode) },
    { title: 'began (UTC)', cell: ({ start_realtime_ns }: DatasetEpisode) => utcText(start_realtime_ns) },
    { title: 'lasted', isNumber: true, cell: ({ duration_ns }: DatasetEpisode) => roundedDuration(duration_ns) },
    { title: 'recorder', cell: ({ recorder_version }: DatasetEpisode) => recorder_version },
  ];
  return html`<section id="episodes"><h2>Episodes</h2>
<p>What the rows were recorded in. Members of one group are in one split.</p>
${dataTable('Episodes', columns, firstOf(episodes))}${andMore(episodes)}</section>`;
}

/** Nothing where nothing was left out. */
export function overviewExclusions(document: DatasetDocument): Html {
  const { excluded_rows, excluded_episodes } = document;
  if (excluded_rows.length + excluded_episodes.length === 0) return NOTHING;
  return html`<section id="left-out"><h2>What was left out</h2>
<p>What was recorded, or named, but is in no aligned table.</p>
${rowsTable(document)}${episodesTable(excluded_episodes)}</section>`;
}

function rowsTable(document: DatasetDocument): Html {
  if (document.excluded_rows.length === 0) return NOTHING;
  const columns = [
    { title: 'label', cell: ({ label }: ExcludedRows) => label },
    { title: 'rows', isNumber: true, cell: ({ rows: count }: ExcludedRows) => count },
    { title: 'because', cell: ({ reason }: ExcludedRows) => EXCLUSIONS[reason] },
  ];
  return html`<h3>Rows of the grid${ofFirstView(document)}</h3>${dataTable('Rows that were left out', columns, document.excluded_rows)}`;
}

function episodesTable(episodes: readonly ExcludedEpisode[]): Html {
  if (episodes.length === 0) return NOTHING;
  const columns = [
    { title: 'episode', cell: ({ id }: ExcludedEpisode) => code(id) },
    { title: 'because', cell: ({ why }: ExcludedEpisode) => why },
    { title: 'found at', cell: ({ path }: ExcludedEpisode) => html`<code>${path}</code>` },
  ];
  const table = dataTable('Episodes that were left out', columns, firstOf(episodes));
  return html`<h3>Episodes</h3>${table}${andMore(episodes)}`;
}

const code = (id: string): Html => html`<code class="id">${id}</code>`;

const gradeText = ({ grade, recovered }: DatasetEpisode): string => (recovered ? `${grade}, recovered` : grade);

const roundedDuration = (ns: number): string => formatDuration(Math.round(ns / 1e6) * 1e6);
