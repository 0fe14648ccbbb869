/** A path as it is known here, percent-encoded for a URL. Also what encodeURIComponent leaves and some servers' rules match on. */
export const encoded = (path: string): string => path.split('/').map(encodedSegment).join('/');

export const encodedSegment = (name: string): string =>
  encodeURIComponent(name).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** The name that a segment of a URL stands for; null if it stands for none in UTF-8. */
export function decodedSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

/** The folders that lead to a path, the outermost first: "a/b/c" has "a" and "a/b". */
export function foldersOf(path: string): string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_, index) => steps.slice(0, index + 1).join('/'));
}
