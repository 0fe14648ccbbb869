import type { Told } from '../audit-report.js';
import { type Holder, single } from '../measure/holder.js';
import { judgeCategories, judgeNumbers, notTold, type Subject } from '../measure/judge.js';
import type { EpisodeRow, Observations } from '../observations.js';
import { CATEGORIES, NUMBERS, type Property } from './episode-properties.js';

const NONE = '(none)';

/**
 * What an episode has as a whole, held against the label of its pairs, and against which labels it holds: where both arms
 * have a benign baseline, a host that only ever ran malicious ones is seen by the latter alone. The one that tells more
 * is the finding.
 */
export function checkEpisodes(observations: Observations, limit: number): Told[] {
  const goals = goalsOf(observations);
  const { episodes } = observations;
  const told = <Value>(property: Property<Value>, how: How<Value>): Told => {
    const values = valuesOf(episodes, property, how.ifNone);
    const { name, title } = property;
    const subject = { name, title, against: 'label' as const, limit };
    if (values === null) return notTold(subject, how.measure, `The table of episodes does not tell ${title}.`);
    return mostTelling(
      goals.map(({ against, classes, labels }) => {
        const holders = values.flatMap((value, i) =>
          value === null ? [] : [{ labels: labels[i]!, values: single(value) }],
        );
        return how.judge({ ...subject, against, classes }, holders);
      }),
    );
  };
  return [
    ...CATEGORIES.map((property) => told(property, { judge: judgeCategories, measure: 'nmi', ifNone: NONE })),
    ...NUMBERS.map((property) => told(property, { judge: judgeNumbers, measure: 'auc', ifNone: null })),
  ];
}

interface How<Value> {
  readonly judge: (subject: Subject, holders: readonly Holder<Value>[]) => Told;
  readonly measure: Told['measure'];
  /** To have none is a category like others; a number that there is not is left out. */
  readonly ifNone: Value | null;
}

/** By episode; null if the table lacks the column. */
function valuesOf<Value>(
  episodes: readonly EpisodeRow[],
  { of, isOftenUnique = false }: Property<Value>,
  ifNone: Value | null,
): (Value | null)[] | null {
  const values = episodes.map(of);
  if (values.every((value) => value === undefined)) return null;
  const counts = new Map<Value | null | undefined, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return values.map((value) => (isOftenUnique && counts.get(value) === 1 ? ifNone : (value ?? ifNone)));
}

interface Goal {
  readonly against: 'label' | 'episode';
  readonly classes: readonly string[];
  /** By episode, then class: 1 where it has that. */
  readonly labels: readonly (readonly number[])[];
}

function goalsOf({ classes, episodes, pairs }: Observations): Goal[] {
  const labels = episodes.map(() => classes.map(() => 0));
  for (const { episode, label } of pairs) labels[episode]![label] = 1;
  const kinds = labels.map((has) => classes.filter((_, label) => has[label] === 1).join('+'));
  const allKinds = [...new Set(kinds)].sort();
  return [
    { against: 'label', classes, labels },
    {
      against: 'episode',
      classes: allKinds,
      labels: kinds.map((kind) => allKinds.map((other) => Number(kind === other))),
    },
  ];
}

const WEIGHT = { leak: 3, unclear: 2, ok: 1, not_told: 0 } as const;

function mostTelling(told: readonly Told[]): Told {
  return told.reduce((best, other) => {
    const difference = WEIGHT[other.status] - WEIGHT[best.status] || (other.score ?? 0) - (best.score ?? 0);
    return difference > 0 ? other : best;
  });
}
