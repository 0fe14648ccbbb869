import { monotonicFactory } from 'ulid';
import { CisError } from '../errors/cis-error.js';

const next = monotonicFactory();
/** Crockford base 32, upper case; the first character holds the top 3 bits of a 48-bit time. */
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** A fresh id, which sorts behind all earlier ones of this process. */
export const newEpisodeId = (): string => next();

export const isEpisodeId = (text: string): boolean => ULID.test(text);

/** Throws EPISODE_ID_INVALID: an id becomes a folder's name, so nothing else may pass. */
export function requireEpisodeId(text: string): string {
  if (isEpisodeId(text)) return text;
  throw new CisError('EPISODE_ID_INVALID', `${JSON.stringify(text)} is no ULID; one looks like ${newEpisodeId()}`);
}
