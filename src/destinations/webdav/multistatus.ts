import { xmlEvents } from './xml.js';

/** What a PROPFIND tells of one resource. */
export interface Resource {
  /** As the server wrote it: a URL, or the path of one. */
  readonly href: string;
  readonly isCollection: boolean;
  /** null if the server doesn't say. */
  readonly bytes: number | null;
}

const RESPONSE = '{DAV:}multistatus/{DAV:}response';
const PROP = `${RESPONSE}/{DAV:}propstat/{DAV:}prop`;
const HREF = `${RESPONSE}/{DAV:}href`;
const LENGTH = `${PROP}/{DAV:}getcontentlength`;
const COLLECTION = `${PROP}/{DAV:}resourcetype/{DAV:}collection`;

/**
 * The body of a 207 (RFC 4918, section 13). Only by the whole way to an element is told what it means: hrefs occur in locks and
 * owners too. A property that a server doesn't have is there as well, empty, with a status of 404. Throws SyntaxError.
 */
export function parseMultistatus(text: string): Resource[] {
  const resources: { href: string; isCollection: boolean; length: string }[] = [];
  const way: string[] = [];
  for (const event of xmlEvents(text)) {
    if (event.type === 'close') way.pop();
    if (event.type === 'open') way.push(event.name);
    if (event.type === 'close') continue;
    if (way[0] !== '{DAV:}multistatus') {
      if (way.length === 0) continue; // blanks before and behind
      throw new SyntaxError(`<${way[0]}> is no multistatus`);
    }
    const place = way.join('/');
    if (event.type === 'open' && place === RESPONSE) resources.push({ href: '', isCollection: false, length: '' });
    const resource = resources.at(-1);
    if (resource === undefined) continue;
    if (event.type === 'open' && place === COLLECTION) resource.isCollection = true;
    if (event.type === 'text' && place === HREF) resource.href += event.text;
    if (event.type === 'text' && place === LENGTH) resource.length += event.text;
  }
  return resources.map(({ href, isCollection, length }) => ({
    href: href.trim(),
    isCollection,
    bytes: /^\s*\d{1,16}\s*$/.test(length) ? Number(length) : null,
  }));
}
