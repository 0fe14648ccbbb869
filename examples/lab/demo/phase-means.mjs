/**
 * What each phase of an episode looks like in the mean, from the raw counters of its rows. Pure: takes documents as
 * `parseJson` of read-episode.mjs gives them, where an integer that a double would round is a bigint.
 */

/**
 * The stretches in which a label holds, in order: `{phase, label, startNs, endNs}` with times as bigint. A row that
 * another one revises is none. `endNs`: where the last one ends.
 */
export function stretchesOf(labels, endNs) {
  const revised = new Set(labels.map(({ revises }) => revises));
  const standing = labels
    .filter(({ seq }) => !revised.has(seq))
    .map(({ phase, label, t_mono_ns }) => ({ phase, label, startNs: BigInt(t_mono_ns) }))
    .sort((a, b) => compare(a.startNs, b.startNs));
  return standing.map((stretch, index) => ({ ...stretch, endNs: standing[index + 1]?.startNs ?? BigInt(endNs) }));
}

/** Increments of counters per second. `scale` is what one unit of them counts for. */
export const rate = (source, columns, scale = 1) => ({
  source,
  of(parts) {
    const [{ increment, seconds }] = growth(parts, [columns]);
    return seconds > 0 ? (increment * scale) / seconds : null;
  },
});

/** Increments of some counters in those of all of them, in percent. */
export const share = (source, columns, all) => ({
  source,
  of(parts) {
    const [some, total] = growth(parts, [columns, all]);
    return total.increment > 0 ? (100 * some.increment) / total.increment : null;
  },
});

/** The mean of a gauge. */
export const level = (source, column, scale = 1) => ({
  source,
  of(parts) {
    const values = parts.flat().flatMap((row) => row[column] ?? []);
    return values.length > 0 ? (scale * values.reduce((sum, value) => sum + Number(value), 0)) / values.length : null;
  },
});

/**
 * A row for each phase, in order: `{phase, label, values}`, the values by the signals' names, null where nothing was
 * read. A stretch whose label is `unknown` belongs to no phase: nobody knows what the target did.
 */
export function phaseMeans(stretches, rowsOf, signals) {
  const known = stretches.filter(({ label }) => label !== 'unknown');
  return [...new Set(known.map(({ phase }) => phase))].map((phase) => {
    const own = known.filter((stretch) => stretch.phase === phase);
    const partsOf = (source) => own.map((stretch) => rowsWithin(rowsOf[source] ?? [], stretch));
    const values = Object.entries(signals).map(([name, signal]) => [name, signal.of(partsOf(signal.source))]);
    return { phase, label: own[0].label, values: Object.fromEntries(values) };
  });
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

const rowsWithin = (rows, { startNs, endNs }) =>
  rows.filter(({ t_mono_ns }) => BigInt(t_mono_ns) >= startNs && BigInt(t_mono_ns) < endNs);

/**
 * By how much groups of counters grew, all over the same pairs of rows: neighbours in one stretch and one epoch. A row
 * in which any of them is null is passed over, and so is a pair over which any of them fell (proc_stat(5): iowait may).
 */
function growth(parts, groups) {
  const columns = [...new Set(groups.flat())];
  const sums = groups.map(() => 0n);
  let elapsedNs = 0n;
  for (const rows of parts) {
    const whole = rows.filter((row) => columns.every((column) => row[column] !== null && row[column] !== undefined));
    for (const [index, row] of whole.slice(1).entries()) {
      const before = whole[index];
      const grown = (column) => BigInt(row[column]) - BigInt(before[column]);
      if (row.epoch !== before.epoch || columns.some((column) => grown(column) < 0n)) continue;
      elapsedNs += BigInt(row.t_mono_ns) - BigInt(before.t_mono_ns);
      for (const [at, group] of groups.entries()) for (const column of group) sums[at] += grown(column);
    }
  }
  return sums.map((sum) => ({ increment: Number(sum), seconds: Number(elapsedNs) / 1e9 }));
}
