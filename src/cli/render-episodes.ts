import type { EpisodeDocuments, EpisodeSummary } from '../core/episode/episode-store.js';
import type { MachineFacts } from '../core/targets/target.js';
import type { EpisodeReport } from '../core/validation/report.js';
import { oneLine } from './sanitize.js';
import { table } from './table.js';

/** Their rows are counted when they end. */
const UNCOUNTED: ReadonlySet<EpisodeSummary['status']> = new Set(['running', 'recoverable', 'unreadable']);

export function listText(output: string, episodes: readonly EpisodeSummary[]): string {
  if (episodes.length === 0) return `no episodes in ${output}\n`;
  return table(
    ['id', 'started', 'seconds', 'status', 'grade', 'rows', 'labels'],
    episodes.map(({ id, started, duration_s, status, grade, rows, labels }) => [
      id,
      started ?? '-',
      duration_s === null ? '-' : Number(duration_s.toFixed(3)),
      status,
      grade ?? '-',
      UNCOUNTED.has(status) ? '-' : rows,
      labels.join(','),
    ]),
  );
}

export function showText({ path, meta, marker, labels }: EpisodeDocuments): string {
  const { id, status, end_reason, target, target_exit, collectors, clocks } = meta;
  const seconds = (ns: unknown) => (Number(ns) / 1e9).toFixed(3);
  const verdict =
    marker === null ? 'not finished: no done.marker' : `${marker.status} (${marker.end_reason}), grade ${marker.grade}`;
  const rows = collectors.map((c) => [
    c.source,
    c.available_in_deployment === null ? '-' : c.available_in_deployment ? 'deployable' : 'oracle',
    marker === null ? '-' : Number(c.rows),
    marker === null || c.ticks_missed === null ? '-' : `${c.ticks_missed}/${c.ticks_scheduled}`,
    c.lateness_ns === null ? '-' : (Number(c.lateness_ns.p99) / 1e6).toFixed(3),
    c.state,
  ]);
  const labelRows = labels.map((row) => [
    String(row.seq),
    seconds(row.t_mono_ns),
    String(row.phase),
    String(row.label),
    String(row.source),
    (Number(row.uncertainty_ns) / 1e6).toFixed(3),
    row.by === undefined ? '' : `by ${String(row.by)}: ${String(row.why)}`,
  ]);
  const what = target.machine?.start === undefined ? (target.argv ?? []).join(' ') : machineText(target.machine);
  const drift = clocks.drift_ns === null ? '-' : `${(Number(clocks.drift_ns) / 1e3).toFixed(1)} us`;
  return [
    ...[
      `${id}  ${marker === null ? status : verdict}`,
      ...(marker?.reasons ?? []).map((reason) => `  - ${reason}`),
      path,
      ...(marker === null ? [verdict] : []),
      `target: ${target.type}${target.pid === null ? '' : ` ${target.pid}`} ${what}`.trimEnd(),
      `ended: ${end_reason ?? '-'}${target_exit?.reason === undefined ? '' : ` (${target_exit.reason})`}, wall clock drift ${drift}`,
    ].map((line) => `${oneLine(line)}\n`),
    '\n',
    table(['source', 'availability', 'rows', 'missed', 'p99 ms late', 'state'], rows),
    '\n',
    table(['seq', 'from s', 'phase', 'label', 'set by', '+/- ms', ''], labelRows),
  ].join('');
}

/** Of a virtual machine its command line tells less than what it started from, and what it could reach. */
function machineText({ accelerator, start, network }: MachineFacts): string {
  const from = start?.mode === 'restored' ? `restored from state ${start.state_id}` : 'booted';
  const capture = network?.capture ? `, ${network.capture.packets} packets captured` : '';
  return `(${accelerator}, ${from}, network ${network?.mode ?? 'none'}${capture})`;
}

export function validateText(reports: readonly EpisodeReport[]): string {
  return reports
    .map(({ path, isValid, rows, grade, violations, violationCount }) => {
      if (isValid) return `${path}: valid, ${rows} rows, grade ${grade}\n`;
      const lines = violations.map(
        ({ file, line, message }) => `  ${oneLine(`${file}${line === null ? '' : `:${line}`}: ${message}`)}\n`,
      );
      const rest = violationCount > violations.length ? `  and ${violationCount - violations.length} more\n` : '';
      return `${path}: ${violationCount} violation${violationCount === 1 ? '' : 's'}\n${lines.join('')}${rest}`;
    })
    .join('');
}
