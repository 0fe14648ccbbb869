import { DestinationError } from '../../index.js';
import { bodyOf } from './content.js';
import type { Http } from './http.js';
import { parseMultistatus, type Resource } from './multistatus.js';
import { decodedSegment, encodedSegment } from './paths.js';

/** What is there below a collection. */
export interface Entry {
  /** From the collection, with "/". */
  readonly path: string;
  /** From the server's root, percent-encoded, without a slash at its end. */
  readonly url: string;
  readonly isCollection: boolean;
  /** null if the server doesn't say. */
  readonly bytes: number | null;
}

const ASKED_FOR =
  '<?xml version="1.0" encoding="utf-8"?>' +
  '<propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/></prop></propfind>';
const ANSWER_LIMIT_BYTES = 64 << 20;
/** An episode has some dozens; a link of the server that leads back to where it is has no end. */
const MOST_ENTRIES = 100_000;

/** Whether there is a collection of this path (without the slash at its end). */
export async function isThere(http: Http, collection: string, signal: AbortSignal): Promise<boolean> {
  return (await propfind(http, collection, '0', signal)) !== null;
}

/** All that is below a collection, folders before what is in them; null if there is no such collection. */
export async function listBelow(http: Http, collection: string, signal: AbortSignal): Promise<Entry[] | null> {
  const found = await childrenOf(http, { path: '', url: collection }, signal);
  if (found === null) return null;
  // grows while it is gone through; not "Depth: infinity": most servers refuse that
  for (const entry of found) {
    if (entry.isCollection) found.push(...((await childrenOf(http, entry, signal)) ?? []));
    if (found.length > MOST_ENTRIES)
      throw new DestinationError('lasting', `there are more than ${MOST_ENTRIES} files in ${http.urlOf(collection)}`);
  }
  return found;
}

type Collection = Pick<Entry, 'path' | 'url'>;

async function childrenOf(http: Http, { path, url }: Collection, signal: AbortSignal): Promise<Entry[] | null> {
  const resources = await propfind(http, url, '1', signal);
  if (resources === null) return null;
  return childSegments(resources, url, http).map(({ segment, isCollection, bytes }) => {
    const name = decodedSegment(segment);
    // a name that is no UTF-8 can't be one of ours: to be removed, it is named as the server does
    const own = name === null ? segment : encodedSegment(name);
    return { path: [path, name ?? segment].filter(Boolean).join('/'), url: `${url}/${own}`, isCollection, bytes };
  });
}

/**
 * The collection's own entry is the shortest, the others are one step longer. Not compared by their beginnings: behind a proxy
 * those may be others than what was asked for.
 */
function childSegments(resources: readonly Resource[], url: string, http: Http) {
  const all = resources.map(({ href, ...resource }) => ({ ...resource, segments: segmentsOf(href) }));
  const depth = Math.min(...all.map(({ segments }) => segments.length));
  const [own, ...others] = all.sort((a, b) => a.segments.length - b.segments.length);
  const name = segmentsOf(url).at(-1);
  const isOwn = name === undefined || decodedSegment(own?.segments.at(-1) ?? '') === decodedSegment(name);
  if (!isOwn || others.some(({ segments }) => segments.length !== depth + 1))
    throw new DestinationError('lasting', `PROPFIND ${http.urlOf(url)} is answered with what is not below it`);
  return others.map(({ segments, ...resource }) => ({ ...resource, segment: segments.at(-1)! }));
}

const segmentsOf = (href: string): string[] =>
  href
    .replace(/^https?:\/\/[^/]*/i, '')
    .split('/')
    .filter((segment) => segment !== '');

/** What the server tells of a collection, and of what is in it with a depth of 1; null if there is none. */
export function propfind(
  http: Http,
  collection: string,
  depth: '0' | '1',
  signal: AbortSignal,
): Promise<Resource[] | null> {
  const url = http.urlOf(`${collection}/`);
  const headers = { depth, 'content-type': 'application/xml; charset=utf-8' };
  const request = { method: 'PROPFIND', path: `${collection}/`, signal, headers, body: ASKED_FOR };
  return http.ask(request, async (answer) => {
    if (answer.status === 404) return null;
    if (answer.status !== 207) throw answer.refusal();
    return parsed((await bodyOf(answer, ANSWER_LIMIT_BYTES, url)).toString('utf8'), url);
  });
}

function parsed(text: string, url: string): Resource[] {
  try {
    return parseMultistatus(text);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new DestinationError('lasting', `PROPFIND ${url} is answered with what is no multistatus: ${why}`, { cause });
  }
}
