const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;
const PLACES = 1e3;

/** "2.013 s" or "61.2 ms": rounded up, so that what is beyond a threshold also reads so. */
export function timeInWords(ns: number): string {
  const [unit, name] = ns >= NS_PER_S ? [NS_PER_S, 's'] : [NS_PER_MS, 'ms'];
  return `${Math.ceil((ns / unit) * PLACES) / PLACES} ${name}`;
}

/** "up to 2 are accepted", "none is accepted". */
export function acceptedCount(limit: number): string {
  const count = Math.floor(limit);
  if (count === 0) return 'none is accepted';
  return `up to ${count} ${count === 1 ? 'is' : 'are'} accepted`;
}

export const acceptedTime = (ns: number): string => `up to ${timeInWords(ns)} is accepted`;
