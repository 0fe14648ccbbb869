import { STATUS_CODES } from 'node:http';
import { DestinationError, type TroubleKind } from '../../index.js';

/** Who asked for what. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  /** What to say about the token where access is denied. */
  readonly tokenHint: string;
}

interface Meaning {
  readonly kind: TroubleKind;
  readonly means?: string;
  readonly hint?: string;
}

const MOVED: Meaning = { kind: 'passing', means: 'what it belongs to is gone or locked, maybe by another run' };
const NO_WEBDAV: Meaning = {
  kind: 'lasting',
  means: 'there is no WebDAV that allows it',
  hint: 'The server has to allow PROPFIND, MKCOL, PUT, MOVE and DELETE there',
};

const MEANINGS: Readonly<Record<number, Meaning>> = {
  404: MOVED,
  405: NO_WEBDAV,
  408: { kind: 'passing' },
  409: MOVED,
  413: { kind: 'refused', means: 'the file is too large for the server', hint: 'nginx: client_max_body_size 0' },
  414: { kind: 'refused', means: 'a path in the episode is too long for the server' },
  423: MOVED,
  429: { kind: 'passing', means: 'too many requests' },
  // nginx answers so where its disk is full, and where the collection of a PUT is gone
  500: { kind: 'passing', hint: "The server's log says why; maybe its disk is full" },
  501: NO_WEBDAV,
  507: { kind: 'lasting', means: 'the server has no room left' },
};

/** What an answer means that is not the one that was hoped for. */
export function refusal(asked: Asked, status: number, location?: string): DestinationError {
  const { kind, means, hint } = meaningOf(asked, status, location);
  const name = STATUS_CODES[status];
  const answer = `${asked.method} ${asked.url} is answered with ${status}${name === undefined ? '' : ` (${name})`}`;
  const message = means === undefined ? answer : `${answer}: ${means}`;
  return new DestinationError(kind, message, hint === undefined ? {} : { hint });
}

function meaningOf({ tokenHint, url }: Asked, status: number, location?: string): Meaning {
  if (status === 401 || status === 403) return { kind: 'lasting', means: 'access is denied', hint: tokenHint };
  if (status >= 300 && status < 400)
    return { kind: 'lasting', means: `it leads to ${target(url, location)}`, hint: 'Give the address it leads to' };
  if (status < 300) return { kind: 'lasting', means: 'that is not what a WebDAV server says' };
  return MEANINGS[status] ?? { kind: status >= 500 ? 'passing' : 'lasting' };
}

/** Where a redirect leads to, without what may be secret in it. */
function target(url: string, location: string | undefined): string {
  if (location === undefined || !URL.canParse(location, url)) return 'a place that is not told';
  const { origin, pathname } = new URL(location, url);
  return `${origin}${pathname}`;
}

/** What a lost connection, or none, is told by that may be otherwise in a moment. */
const PASSING = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH'],
  ...['ENETDOWN', 'EADDRNOTAVAIL', 'EAI_AGAIN', 'EMFILE', 'ENFILE'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_SOCKET'],
  ...['UND_ERR_CLOSED', 'UND_ERR_DESTROYED', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_ABORTED'],
]);
const CERTIFICATE =
  /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY|DECRYPT)|^CRL_|^INVALID_CA$|^PATH_LENGTH_EXCEEDED$|^HOSTNAME_/;

/** What HTTP, TLS and the network throw, as DestinationError; all else comes from elsewhere, and as it is. */
export function told({ method, url }: Asked, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof DestinationError || typeof code !== 'string') return error;
  if (CERTIFICATE.test(code))
    return new DestinationError('lasting', `the certificate of ${new URL(url).host} is not trusted: ${message}`, {
      cause: error,
      hint: 'If it is of an authority of your own, name its certificate with the option ca_file',
    });
  const kind = PASSING.has(code) ? 'passing' : 'lasting';
  // where several addresses are tried, their joint error has no text of its own
  return new DestinationError(kind, `${method} ${url} failed: ${message || code}`, { cause: error });
}
