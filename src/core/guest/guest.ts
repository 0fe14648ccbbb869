import type { ServedFiles } from './file-server.js';
import type { ClockOffset } from './guest-clock.js';
import type { GuestFacts } from './guest-facts.js';

/** The machine inside a virtual one, as its agent shows it. */
export interface Guest {
  readonly facts: GuestFacts;
  /** How far its clock lies from the host's, at the start and at the end; null where that could not be asked. */
  readonly clock: { readonly start: ClockOffset | null; readonly end: ClockOffset | null };
  /** For one collector. */
  serveFiles(): ServedFiles;
}
