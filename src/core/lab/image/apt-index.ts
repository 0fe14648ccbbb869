/** A package as apt's index tells of it. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Of the .deb, hexadecimal. */
  readonly sha256: string;
}

interface IndexEntry extends DebianPackage {
  /** Names of its dependencies, first alternatives only, without versions. */
  readonly depends: readonly string[];
}

/**
 * The entries that `apt-cache show` printed, in its order: of several versions of a package the best is first. One that
 * can't be downloaded has no hash and is left out (it is installed, and in no index).
 */
export function parseAptShow(text: string): IndexEntry[] {
  return text
    .split(/\n\n+/)
    .map(fieldsOf)
    .flatMap(({ Package: name, Version: version, Architecture: architecture, SHA256: sha256, Depends: depends }) =>
      name && version && architecture && /^[0-9a-f]{64}$/.test(sha256 ?? '')
        ? [{ name, version, architecture, sha256: sha256!, depends: dependencyNames(depends ?? '') }]
        : [],
    );
}

/** Continued lines are of no interest: they begin with a space. */
function fieldsOf(paragraph: string): Partial<Record<string, string>> {
  return Object.fromEntries(
    paragraph.split('\n').flatMap((line) => {
      const match = /^([A-Za-z0-9-]+): *(.*)$/.exec(line);
      return match === null ? [] : [[match[1]!, match[2]!.trimEnd()]];
    }),
  );
}

const dependencyNames = (depends: string): string[] =>
  depends.split(',').flatMap((dependency) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(dependency)?.[1] ?? []);
