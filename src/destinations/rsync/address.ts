import { DestinationError } from '../../index.js';

/** Where the episodes go. */
export interface Address {
  readonly user: string | undefined;
  /** A name, or an IP address without brackets. */
  readonly host: string;
  readonly port: string | undefined;
  /** Absolute, without a slash at its end. */
  readonly root: string;
}

const SHAPE = 'It is written ssh://user@host/absolute/path or ssh://user@host:port/absolute/path';
/** Nothing that ssh would take for an option of its own. */
const HOST = /^(?:[A-Za-z0-9_][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])$/;
const USER = /^[A-Za-z0-9_.][A-Za-z0-9_.+@-]*\$?$/;

/** Reads ssh://[user@]host[:port]/path. Throws `lasting` for what can't be used, and never repeats a password. */
export function addressOf(to: string): Address {
  const url = URL.canParse(to) ? new URL(to) : null;
  const shown = JSON.stringify(withoutSecret(to));
  const refused = (why: string, hint = SHAPE) => new DestinationError('lasting', `${shown} ${why}`, { hint });
  if (url === null || !['ssh:', 'rsync+ssh:'].includes(url.protocol)) throw refused('is no URL of an ssh server');
  if (url.password !== '' || /^[^/]*:\/\/[^/]*:[^/]*@/.test(to))
    throw refused('has a password in it', 'ssh takes keys only: see the option identity');
  if (/[?#]/.test(to)) throw refused('has a query or a fragment', 'In a path ? is written %3F, and # is written %23');
  const [user, root] = [decoded(url.username), decoded(url.pathname)?.replace(/\/+$/, '')];
  if (!HOST.test(url.hostname)) throw refused(`names no host that ssh could be asked for: "${url.hostname}"`);
  if (user === null || (user !== '' && !USER.test(user))) throw refused(`names no user: "${url.username}"`);
  if (url.port === '0') throw refused('has no port that could be connected to');
  if (!root?.startsWith('/') || root.includes('\0')) throw refused('names no folder there');
  return { user: user || undefined, host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port || undefined, root };
}

/** For messages. */
export const shownAs = ({ host, root }: Address): string => `${host}:${root}`;

const withoutSecret = (to: string): string => to.replace(/(:\/\/[^/:@]*):[^/]*@/, '$1:...@');

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
