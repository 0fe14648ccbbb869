import { randomInt } from 'node:crypto';

/** What seeds end below: 2^32. */
const SEEDS = 2 ** 32;

/** The seed of an episode: the one given, or one that is made up when the first thing has to be drawn. */
export class Seed {
  #value: number | undefined;
  readonly #isGiven: boolean;

  constructor(given: number | undefined) {
    this.#value = given;
    this.#isGiven = given !== undefined;
  }

  /** To draw with. */
  get value(): number {
    this.#value ??= randomInt(SEEDS);
    return this.#value;
  }

  /** Undefined if none was given, and nothing was drawn. */
  get used(): number | undefined {
    return this.#value;
  }

  get isDrawn(): boolean {
    return !this.#isGiven && this.#value !== undefined;
  }
}
