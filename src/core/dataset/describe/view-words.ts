import type { View } from '../dataset-document.js';

/** What a view holds, in a sentence. */
export const VIEW_WORDS: Readonly<Record<View, string>> = {
  deployable: 'What a deployed device can read of itself. Train on this what is to be deployed.',
  oracle: 'What the lab alone can read, from outside the device. Nothing that is deployed may learn from it.',
  all: 'Both, oracle and deployable. Nothing that is deployed may learn from it.',
};

/** What the oracle is good for, and what it is not; for readers of a data set that has one. */
export const ORACLE_WARNING =
  'The views oracle and all hold features that do not exist on a deployed device. A model that learns from them looks ' +
  'better than it will be. Use them to tell how much there is to be seen from outside, never to train what is deployed.';

export const isOracle = (view: View | null): boolean => view === 'oracle' || view === 'all';
