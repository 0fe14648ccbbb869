import type { ExcludedRows } from '../dataset-document.js';

/** Why a row of the grid is in no aligned table, in words that follow "left out because". */
export const EXCLUSIONS: Readonly<Record<ExcludedRows['reason'], string>> = {
  boundary: 'its label did not hold over the whole look-back and the guard band around it',
  residual: 'it is benign, but after malicious activity, and no state was restored in between',
  no_class: 'its label is no class: nobody knows what happened, or nobody said',
  no_data: 'no feature had a value',
};
