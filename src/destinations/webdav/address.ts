import { DestinationError } from '../../index.js';

/** Where the episodes' collection is. */
export interface Address {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Of the collection, percent-encoded, without the slash at its end: '' is the server's own root. */
  readonly path: string;
  /** What is sent there can't be read on the way. */
  readonly isPrivate: boolean;
}

const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/;
const HINT = 'It looks like this: https://host:port/path';

/** Throws `lasting` for a URL that can't be used. Its text is not printed where it might hold a password. */
export function addressOf(to: string): Address {
  const url = parsed(to);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refused(`the scheme ${JSON.stringify(url.protocol)} is none of https: and http:`, HINT);
  if (url.username !== '' || url.password !== '')
    throw refused(
      `the URL of ${url.host} holds a user's name or password, which is where others can read it`,
      'Give a bearer token by the environment',
    );
  // url.search is empty for a lone "?"
  if (/[?#]/.test(to)) throw refused(`the URL of ${url.host} has a query or a fragment: a collection has none`, HINT);
  const path = url.pathname.replace(/\/+$/, '');
  if (!isDecodable(path)) throw refused(`${JSON.stringify(path)} is not percent-encoded as UTF-8`, HINT);
  return { origin: url.origin, path, isPrivate: url.protocol === 'https:' || LOOPBACK.test(url.hostname) };
}

function parsed(to: string): URL {
  try {
    return new URL(to);
  } catch {
    // no cause: it holds the text
    throw refused('what is given as the address of a WebDAV collection is no URL', HINT);
  }
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

const refused = (message: string, hint: string): DestinationError => new DestinationError('lasting', message, { hint });
