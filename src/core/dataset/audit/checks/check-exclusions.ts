import type { DatasetDocument } from '../../dataset-document.js';
import type { Told } from '../audit-report.js';
import { percent, rounded } from '../in-words.js';

/** Fewer rows of a class tell nothing of what is left out of it. */
const FEWEST_ROWS = 20;
const NO_CLASS = 'no_class';

/** Whether more of one class was left out than of another: then what is left of it is a choice. */
export function checkExclusions({ excluded_rows, aligned_rows }: DatasetDocument, limit: number): Told {
  const kept = new Map<string, number>();
  for (const classes of Object.values(aligned_rows))
    for (const [label, rows] of Object.entries(classes)) kept.set(label, (kept.get(label) ?? 0) + Number(rows));
  const left = new Map<string, number>();
  for (const { label, reason, rows } of excluded_rows)
    if (reason !== NO_CLASS) left.set(label, (left.get(label) ?? 0) + Number(rows));
  const shares = [...new Set([...kept.keys(), ...left.keys()])]
    .sort()
    .map((label) => {
      const [out, all] = [left.get(label) ?? 0, (left.get(label) ?? 0) + (kept.get(label) ?? 0)];
      return { label, share: all === 0 ? 0 : out / all, all };
    })
    .sort((a, b) => b.share - a.share);
  const n = shares.reduce((sum, { all }) => sum + all, 0);
  const base = { name: 'exclusion', measure: 'share' as const, against: 'label' as const, p: null, n, limit };
  const [most, least] = [shares[0], shares.at(-1)];
  if (most === undefined || least === undefined || most === least)
    return {
      ...base,
      value: null,
      score: null,
      status: 'not_told',
      sentence: 'Exclusion: there is but one class to tell.',
    };
  const difference = most.share - least.share;
  const words = `${percent(most.share)} of the rows of ${most.label} were left out, and ${percent(least.share)} of those of ${least.label}`;
  const isFew = Math.min(most.all, least.all) < FEWEST_ROWS;
  const status = difference <= limit ? 'ok' : isFew ? 'unclear' : 'leak';
  const sentences = {
    ok: `What was left out does not depend on the label: ${words}.`,
    unclear: `${words}: with n = ${n} rows that is too few to tell.`,
    leak: `What was left out depends on the label: ${words}.`,
  };
  return { ...base, value: rounded(difference), score: rounded(difference), status, sentence: sentences[status] };
}
