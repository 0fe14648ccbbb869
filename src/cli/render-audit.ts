import type { AuditReport, FeatureScore, Finding, Unpaired } from '../core/dataset/audit/audit-report.js';
import { oneLine } from './sanitize.js';
import { table } from './table.js';

const SHOWN_FEATURES = 10;
const SHOWN_UNPAIRED = 10;
const VERDICTS = { ok: 'ok', leak: 'LEAK', unclear: 'unclear', not_told: '-' } as const;

export function auditText(report: AuditReport): string {
  const { name, view, classes, episodes, pairs, findings, unpaired, features } = report;
  const head = `${name}, view ${view}: ${episodes} episodes, ${pairs} pairs of episode and label, classes ${classes.join(', ')}`;
  const isTelling = ({ status }: Finding) => status === 'leak' || status === 'unclear';
  return [
    `${oneLine(head)}\n\n`,
    table(['finding', 'measure', 'value', 'score', 'p', 'n', 'verdict'], findings.map(findingRow)),
    ...lines(
      '',
      findings.filter(isTelling).map(({ sentence }) => sentence),
    ),
    ...lines('Pairs of which one arm is missing:', unpaired.slice(0, SHOWN_UNPAIRED).map(unpairedLine)),
    ...(unpaired.length > SHOWN_UNPAIRED ? [`  and ${unpaired.length - SHOWN_UNPAIRED} more\n`] : []),
    '\nWhat single features tell:\n',
    table(['feature', 'AUC', 'label', 'rows', ''], features.slice(0, SHOWN_FEATURES).map(featureRow)),
    `\n${verdict(report)}\n`,
  ].join('');
}

function findingRow({ name, measure, value, score, p, n, status, is_ignored }: Finding): (string | number)[] {
  const verdict = status === 'leak' && is_ignored ? 'ignored' : VERDICTS[status];
  return [name, measure, decimals(value, 2), decimals(score, 2), decimals(p, 3), n, verdict];
}

function featureRow({ name, auc, label, rows, is_too_good }: FeatureScore): (string | number)[] {
  return [name, decimals(auc, 3), label ?? '-', rows, is_too_good ? 'too good: look at it' : ''];
}

function unpairedLine({ scenario, pair, arm, episodes }: Unpaired): string {
  return `pair ${pair}${scenario === null ? '' : ` of ${scenario}`} has ${arm} alone: ${episodes.join(', ')}`;
}

function verdict({ findings, threshold }: AuditReport): string {
  const leaks = findings.filter(({ status, is_ignored }) => status === 'leak' && !is_ignored).map(({ name }) => name);
  const unclear = findings.filter(({ status }) => status === 'unclear').map(({ name }) => name);
  const few = unclear.length === 0 ? '' : ` Too few to tell: ${unclear.join(', ')}.`;
  if (leaks.length === 0) return `Nothing that is no behaviour tells the label beyond ${threshold}.${few}`;
  return `Leaks: ${leaks.join(', ')}. Record or choose anew so that they tell nothing, or accept one with --ignore.${few}`;
}

function lines(head: string, sentences: readonly string[]): string[] {
  if (sentences.length === 0) return [];
  return [`\n${head}${head === '' ? '' : '\n'}`, ...sentences.map((sentence) => `  - ${oneLine(sentence)}\n`)];
}

const decimals = (value: number | null, digits: number): string => (value === null ? '-' : value.toFixed(digits));
