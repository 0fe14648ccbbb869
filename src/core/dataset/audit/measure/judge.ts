import type { Told } from '../audit-report.js';
import { percent, rounded } from '../in-words.js';
import { areaUnderCurve, giniOf } from './area-under-curve.js';
import type { Association, Holder } from './holder.js';
import { mutualInformation } from './mutual-information.js';
import { type Score, scoreOf } from './score.js';

/** What chance gives more often than that tells nothing. Five episodes of each of two classes are the fewest that can do. */
const LARGEST_P = 0.02;

/** What is judged, in words. */
export interface Subject {
  readonly name: string;
  /** Subject of a sentence: "the host". */
  readonly title: string;
  readonly against: 'label' | 'episode';
  readonly limit: number;
  readonly classes: readonly string[];
  /** Added to the sentence of a leak: what exactly differs. */
  readonly detail?: string;
}

/** A property with categories, by mutual information. */
export function judgeCategories(subject: Subject, holders: readonly Holder<string>[]): Told {
  const values = new Set(holders.flatMap((holder) => holder.values.map(({ value }) => value)));
  const nothing = nothingToTell(subject, 'nmi', holders, values.size);
  if (nothing !== null) return nothing;
  const score = scoreOf(mutualInformation(holders), holders.length);
  const what = `knowing it removes ${percent(score.raw)} of what is uncertain, ${percent(score.corrected)} beyond chance`;
  return judged(subject, { measure: 'nmi', value: score.raw, score, n: holders.length, what });
}

/** A property that is a number, by the area under the ROC curve. */
export function judgeNumbers(subject: Subject, holders: readonly Holder<number>[]): Told {
  const values = new Set(holders.flatMap((holder) => holder.values.map(({ value }) => value)));
  const nothing = nothingToTell(subject, 'auc', holders, values.size);
  if (nothing !== null) return nothing;
  const { auc, label } = areaUnderCurve(holders)();
  const score = scoreOf(giniOf(holders), holders.length);
  const what = `its AUC for ${subject.classes[label]} is ${auc.toFixed(2)}`;
  return judged(subject, { measure: 'auc', value: auc, score, n: holders.length, what });
}

/** The one of several numbers that tells most; the more there are to choose from, the more chance gives. */
export function judgeBest(subject: Subject, candidates: ReadonlyMap<string, readonly Holder<number>[]>): Told {
  const names = [...candidates.keys()];
  const associations = names.map((name) => giniOf(candidates.get(name)!));
  const best: Association = (order) => Math.max(...associations.map((association) => association(order)));
  const holders = candidates.get(names[0]!)!;
  const nothing = nothingToTell(subject, 'auc', holders, 2);
  if (nothing !== null) return nothing;
  const score = scoreOf(best, holders.length);
  const name = names[associations.findIndex((association) => association() === score.raw)]!;
  const { auc, label } = areaUnderCurve(candidates.get(name)!)();
  const what = `the AUC of ${name} alone for ${subject.classes[label]} is ${auc.toFixed(2)}`;
  return judged(subject, { measure: 'auc', value: auc, score, n: holders.length, what });
}

export function notTold(
  { name, against, limit }: Omit<Subject, 'classes'>,
  measure: Told['measure'],
  sentence: string,
): Told {
  return { name, measure, against, value: null, score: null, p: null, n: 0, limit, status: 'not_told', sentence };
}

/** Without two classes, or two values, there is nothing to be told, or nothing to tell by. */
function nothingToTell(
  subject: Subject,
  measure: Told['measure'],
  holders: readonly Holder<unknown>[],
  values: number,
): Told | null {
  const classes = new Set(holders.flatMap(({ labels }) => labels.flatMap((has, label) => (has > 0 ? [label] : []))));
  if (classes.size < 2)
    return notTold(subject, measure, capitalised(`${subject.title}: there is but one class to tell.`));
  if (values > 1) return null;
  const { name, against, limit, title } = subject;
  const sentence = capitalised(`${title} is the same in all ${holders.length}.`);
  const n = holders.length;
  return {
    name,
    measure,
    against,
    value: measure === 'auc' ? 0.5 : 0,
    score: 0,
    p: 1,
    n,
    limit,
    status: 'ok',
    sentence,
  };
}

interface Judged {
  readonly measure: Told['measure'];
  readonly value: number;
  readonly score: Score;
  readonly n: number;
  /** The figure in words. */
  readonly what: string;
}

function judged(subject: Subject, { measure, value, score, n, what }: Judged): Told {
  const { name, against, limit, title, detail } = subject;
  const isCertain = score.p <= LARGEST_P;
  const status = score.corrected > limit && isCertain ? 'leak' : score.raw > limit && !isCertain ? 'unclear' : 'ok';
  const tells = against === 'label' ? 'the label' : 'which labels an episode holds';
  const of = against === 'label' ? '' : ' episodes';
  const sentences = {
    leak: `${title} tells ${tells}: ${what} (n = ${n}${of})${detail === undefined ? '' : `; ${detail}`}.`,
    unclear: `${title} looks as if it told ${tells}, which chance does as well: ${what}; n = ${n}${of} are too few to tell.`,
    ok: `${title} does not tell ${tells}: ${what} (n = ${n}${of}).`,
  };
  return {
    name,
    measure,
    against,
    value: rounded(value),
    score: rounded(score.corrected),
    p: rounded(score.p),
    n,
    limit,
    status,
    sentence: capitalised(sentences[status]),
  };
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
