/** Thrown by `context.fatal`: the collector can't go on. */
export class FatalError extends Error {
  readonly code = 'FATAL';

  constructor(reason: string) {
    super(reason);
    this.name = 'FatalError';
  }
}
