/**
 * What has to be seen of the tour from inside the guest, each phase held against the idle one: `times` as much as there,
 * and no less than `least`; or `most` of what is there.
 */
const EXPECTED = [
  { phase: 'cpu', signal: 'user', what: 'user CPU time', unit: '%', times: 2, least: 50 },
  { phase: 'memory', signal: 'free', what: 'free memory', unit: 'MB', most: 0.7 },
  { phase: 'files', signal: 'write', what: 'writing to the disk', unit: 'MB/s', times: 20, least: 1 },
  { phase: 'forks', signal: 'forks', what: 'forking', unit: 'a second', times: 20, least: 20 },
  { phase: 'network', signal: 'net', what: 'network traffic', unit: 'MB/s', times: 20, least: 0.05 },
];

/** A sentence for each phase that does not look like what it is; none if all of them do. */
export function blurred(means) {
  const meanOf = (phase, signal) => means.find((mean) => mean.phase === phase)?.values[signal] ?? null;
  return EXPECTED.flatMap(({ phase, signal, what, unit, times, least, most }) => {
    const [idle, value] = [meanOf('idle', signal), meanOf(phase, signal)];
    if (idle === null || value === null) return `phase "${phase}" can't be held against "idle": no ${what} was read`;
    const bound = most === undefined ? Math.max(times * idle, least) : most * idle;
    const isPlain = most === undefined ? value >= bound : value <= bound;
    const wanted = `${most === undefined ? 'at least' : 'at most'} ${bound.toFixed(2)}`;
    return isPlain
      ? []
      : `phase "${phase}" is not told apart from "idle": ${what} is ${value.toFixed(2)} ${unit}, expected ${wanted} (idle: ${idle.toFixed(2)})`;
  });
}
