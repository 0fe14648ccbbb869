/** The first is the host's: its columns stand before those of a collector, and quotes within a value are escaped. */
const POSITION = /"(tick|seq)":(\d{1,16}),/;

/**
 * Whether a row's tick or seq leaps ahead of the `last` one, and the row behind goes on from before the leap. Rows may be
 * missing, and then the position leaps; but it does too where a digit of it was damaged or a row has got out of its place,
 * and the rows behind are not to be lost for that.
 */
export function leapsAlone(last: number, line: string, next: string | null): boolean {
  const [, , position = NaN] = POSITION.exec(line) ?? [];
  if (next === null || !(Number(position) > last + 1)) return false;
  const [, key, following = NaN] = POSITION.exec(next) ?? [];
  // several rows may share a tick, and none a seq
  const latest = key === 'tick' ? Number(position) - 1 : Number(position);
  return Number(following) > last && Number(following) <= latest;
}
