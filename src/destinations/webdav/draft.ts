import { DestinationError, type OutgoingEpisode, type Transfer } from '../../index.js';
import { digestOf, store } from './content.js';
import { allOf } from './episode-files.js';
import type { Http } from './http.js';
import { type Entry, isThere, listBelow } from './listing.js';
import { encoded, foldersOf } from './paths.js';

/** Makes the draft what the episode is: what doesn't belong goes, what is missing comes, the marker last. */
export async function fillDraft(
  http: Http,
  draft: string,
  episode: OutgoingEpisode,
  transfer: Transfer,
): Promise<void> {
  const folders = new Set(allOf(episode).flatMap(({ path }) => foldersOf(path)));
  const files = new Set(allOf(episode).map(({ path }) => path));
  const found = await listBelow(http, draft, transfer.signal);
  const belongs = ({ path, isCollection }: Entry) => (isCollection ? folders : files).has(path);
  for (const entry of outermost((found ?? []).filter((entry) => !belongs(entry))))
    await remove(http, entry, transfer.signal);
  const there = new Map((found ?? []).filter(belongs).map((entry) => [entry.path, entry]));
  if (found === null) await makeCollection(http, draft, transfer.signal);
  for (const folder of [...folders].filter((path) => !there.has(path)).sort())
    await makeCollection(http, `${draft}/${encoded(folder)}`, transfer.signal);
  for (const file of allOf(episode)) {
    const url = `${draft}/${encoded(file.path)}`;
    if (await isHere(http, url, file, there.get(file.path), transfer.signal)) continue;
    await store(http, url, file, transfer.read(file), transfer.signal);
  }
}

async function isHere(
  http: Http,
  url: string,
  { bytes, sha256 }: OutgoingEpisode['marker'],
  entry: Entry | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (entry === undefined || (entry.bytes !== null && entry.bytes !== bytes)) return false;
  return (await digestOf(http, url, bytes, signal)) === sha256;
}

/** Without what is in a collection that is one of them: it goes with that. */
function outermost(entries: readonly Entry[]): Entry[] {
  const collections = entries.filter(({ isCollection }) => isCollection);
  return entries.filter(({ path }) => !collections.some((collection) => path.startsWith(`${collection.path}/`)));
}

/** Also what another run has removed meanwhile. nginx wants the slash for a collection, and none for a file. */
export function remove(
  http: Http,
  { url, isCollection }: Pick<Entry, 'url' | 'isCollection'>,
  signal: AbortSignal,
): Promise<void> {
  const path = isCollection ? `${url}/` : url;
  return http.ask({ method: 'DELETE', path, signal }, (answer) => {
    if (answer.status === 207) throw new DestinationError('passing', `not all of ${path} could be removed`);
    if (![200, 202, 204, 404].includes(answer.status)) throw answer.refusal();
  });
}

/**
 * Also where another run was faster: 405 says that it is there, or that MKCOL is not allowed. Another one may have taken it
 * away until it is looked for: it is made once more then.
 */
async function makeCollection(http: Http, collection: string, signal: AbortSignal, isAgain = false): Promise<void> {
  const refused = await http.ask({ method: 'MKCOL', path: `${collection}/`, signal }, (answer) =>
    answer.status === 201 ? null : answer.refusal(),
  );
  if (refused === null) return;
  const isPassing = refused instanceof DestinationError && refused.kind === 'passing';
  if (isPassing) throw refused;
  if (await isThere(http, collection, signal)) return;
  if (isAgain) throw refused;
  await makeCollection(http, collection, signal, true);
}
