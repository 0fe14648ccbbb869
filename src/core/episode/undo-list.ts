/** What to undo, in reverse order, when an episode can't begin. Errors on the way don't stop it. */
export class UndoList {
  isForgotten = false;
  #steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.#steps.unshift(step);
  }

  forget(): void {
    this.#steps = [];
    this.isForgotten = true;
  }

  async run(): Promise<void> {
    for (const step of this.#steps) {
      try {
        await step();
      } catch {
        // the first error is the one to tell
      }
    }
  }
}
