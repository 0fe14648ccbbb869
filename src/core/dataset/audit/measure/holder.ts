/**
 * What has a property: an episode, or what one episode has of one label. Its values weigh 1 together (a host weighs 1, each
 * of a hundred rows 1/100), and so many times as it has labels.
 */
export interface Holder<Value> {
  /** By class: 1 where it has that class, else 0. */
  readonly labels: readonly number[];
  readonly values: readonly Weighted<Value>[];
}

export interface Weighted<Value> {
  readonly value: Value;
  readonly weight: number;
}

/**
 * How well the values tell the class, 0 (not at all) to 1 (always), if the i-th holder had the labels of the order[i]-th;
 * without an order as it is.
 */
export type Association = (order?: Uint32Array) => number;

export const single = <Value>(value: Value): Weighted<Value>[] => [{ value, weight: 1 }];

/** Each of them as much as the other. */
export const evenly = <Value>(values: readonly Value[]): Weighted<Value>[] =>
  values.map((value) => ({ value, weight: 1 / values.length }));
