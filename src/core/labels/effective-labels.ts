/** What places a row of labels.jsonl; integers as numbers or, read exactly, as bigints. */
export interface PlacedLabel {
  readonly seq: number | bigint;
  /** Nanoseconds since the origin. */
  readonly t_mono_ns: number | bigint;
  readonly revises?: number | bigint;
}

/**
 * The rows of labels.jsonl that hold, in the order of their time: what another row revises is dropped. Each holds until
 * the next one's time; of two at the same time the one that was written later does.
 */
export function effectiveLabels<Row extends PlacedLabel>(rows: readonly Row[]): Row[] {
  const revised = new Set<number>();
  for (const { revises } of rows) if (revises !== undefined) revised.add(Number(revises));
  return rows.filter(({ seq }) => !revised.has(Number(seq))).sort(byTimeThenSeq);
}

function byTimeThenSeq(a: PlacedLabel, b: PlacedLabel): number {
  return Number(a.t_mono_ns) - Number(b.t_mono_ns) || Number(a.seq) - Number(b.seq);
}
