import type { Axis } from './axis.js';
import type { MeasureGroup } from './measures.js';
import { type Place, Track, type Values } from './track.js';

/** So many records of an array are followed at a time. */
const MOST_TRACKS = 400;
/** So many are drawn in one chart. */
const MOST_LINES = 8;
/** So many that can't be followed are remembered, to be counted once. */
const MOST_REMEMBERED = 10_000;

/** The rows of a tick, or an array's records, told apart by their keys. Bounded: those that do least are let go. */
export class TrackGroup {
  readonly group: MeasureGroup;
  readonly #axis: Axis;
  readonly #tracks = new Map<string, Track>();
  /** Records that came and were not, or are no longer, followed. */
  #dropped = 0;
  readonly #refused = new Set<string>();

  constructor(group: MeasureGroup, axis: Axis) {
    this.group = group;
    this.#axis = axis;
  }

  /** `index`: tells records apart that have no key. */
  add(values: Values, place: Place, index: number): void {
    const key = this.#keyOf(values, index);
    const track = this.#tracks.get(key) ?? this.#begin(key, values, index, place);
    track?.add(values, place);
  }

  /** Those that are drawn, the ones that do most first, and how many others there were. */
  get drawn(): { readonly tracks: readonly Track[]; readonly leftOut: number } {
    const tracks = [...this.#tracks.values()];
    if (tracks.length <= MOST_LINES) return { tracks, leftOut: this.#leftOut(0) };
    const shares = this.#shares();
    const ranked = tracks.sort((a, b) => shares.get(b)! - shares.get(a)!).slice(0, MOST_LINES);
    return { tracks: ranked, leftOut: this.#leftOut(tracks.length - MOST_LINES) };
  }

  #leftOut(undrawn: number): number {
    return undrawn + this.#dropped + this.#refused.size;
  }

  #begin(key: string, values: Values, index: number, { ordinal }: Place): Track | null {
    if (this.#tracks.size >= MOST_TRACKS && !this.#makeRoom(ordinal)) {
      if (this.#refused.size < MOST_REMEMBERED) this.#refused.add(key);
      return null;
    }
    const track = new Track(this.#labelOf(values, index), this.group.measures, this.#axis);
    this.#tracks.set(key, track);
    return track;
  }

  /** Lets go of the one that did least among those that have ended. Returns whether there was one. */
  #makeRoom(ordinal: number): boolean {
    const shares = this.#shares();
    const ended = [...this.#tracks].filter(([, track]) => track.ordinal < ordinal - 1);
    if (ended.length === 0) return false;
    const [key] = ended.reduce((least, each) => (shares.get(each[1])! < shares.get(least[1])! ? each : least));
    this.#dropped++;
    return this.#tracks.delete(key);
  }

  /** How much of everything each has done, all measures alike. */
  #shares(): Map<Track, number> {
    const tracks = [...this.#tracks.values()];
    const totals = this.group.measures.map((_, i) => tracks.reduce((sum, { lines }) => sum + lines[i]!.total, 0));
    return new Map(
      tracks.map((track) => [
        track,
        track.lines.reduce((sum, { total }, i) => sum + (totals[i]! > 0 ? total / totals[i]! : 0), 0),
      ]),
    );
  }

  #keyOf(values: Values, index: number): string {
    const { keys, array } = this.group;
    if (keys.length === 0) return array === null ? '' : String(index);
    return keys.map((name) => String(values[name])).join('\0');
  }

  /** What a reader knows it by: its name, and its first key; none for the one row of a tick. */
  #labelOf(values: Values, index: number): string {
    const { keys, array, nameColumn } = this.group;
    if (keys.length === 0) return array === null ? '' : `#${index}`;
    const first = `${values[keys[0]!]}`;
    const name = nameColumn === null ? null : values[nameColumn];
    return typeof name === 'string' ? `${name} ${first}` : `${/^\d+$/.test(first) ? `${keys[0]} ` : ''}${first}`;
  }
}
