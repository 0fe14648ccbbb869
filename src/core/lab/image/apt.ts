import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CisError } from '../../errors/cis-error.js';
import { syncAndHash } from '../../files/sync-and-hash.js';
import { describeFailure, runTool } from '../run-tool.js';
import { type DebianPackage, parseAptShow } from './apt-index.js';
import { ARCHITECTURE, KERNEL_METAPACKAGE } from './recipe.js';

const INDEX_TIMEOUT_MS = 60_000;
/** 40 MB over a slow line. */
const DOWNLOAD_TIMEOUT_MS = 900_000;
/** apt tries each mirror that often, and waits that long for its first byte. */
const PATIENCE = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=30', '-o', 'Acquire::https::Timeout=30'];

const STALE_LISTS = 'Run "apt-get update" as root, then try again.';

/**
 * The versions of these packages that apt would install, and of the newest kernel for virtual machines, by apt's index;
 * the kernel first. Throws LAB_TOOL_MISSING, or LAB_PACKAGES_UNKNOWN with each one that apt does not know.
 */
export async function resolvePackages(names: readonly string[], signal?: AbortSignal): Promise<DebianPackage[]> {
  const [meta] = await show([KERNEL_METAPACKAGE], signal);
  const kernel = meta?.depends.find((name) => name.startsWith('linux-image-'));
  if (kernel === undefined) throw unknown([KERNEL_METAPACKAGE]);
  const wanted = [kernel, ...names];
  const entries = await show(wanted, signal);
  const best = wanted.map((name) =>
    entries.find((entry) => entry.name === name && entry.architecture === ARCHITECTURE),
  );
  const lacking = wanted.filter((_, i) => best[i] === undefined);
  if (lacking.length > 0) throw unknown(lacking);
  return best.map((entry) => {
    const { name, version, architecture, sha256 } = entry!;
    return { name, version, architecture, sha256 };
  });
}

/** Exits with 100 where it knows none of them; what it does not know is not in what it prints. */
async function show(names: readonly string[], signal?: AbortSignal) {
  const result = await runTool(['apt-cache', 'show', ...names], { timeoutMs: INDEX_TIMEOUT_MS, ...given({ signal }) });
  return parseAptShow(result.stdout);
}

function unknown(names: readonly string[]): CisError {
  return new CisError(
    'LAB_PACKAGES_UNKNOWN',
    `apt's index has no ${ARCHITECTURE} package ${names.map((name) => `"${name}"`).join(', ')}`,
  );
}

/**
 * Downloads these packages into a folder and returns their paths, in order. Throws LAB_DOWNLOAD if one can't be had, or is
 * not what the index says it is.
 */
export async function downloadPackages(
  packages: readonly DebianPackage[],
  folder: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const exact = packages.map(({ name, version }) => `${name}=${version}`);
  const result = await runTool(['apt-get', ...PATIENCE, ...unsandboxed(), '-q', 'download', ...exact], {
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
    cwd: folder,
    ...given({ signal }),
  });
  if (result.code !== 0)
    throw new CisError('LAB_DOWNLOAD', `apt-get could not download the packages: ${describeFailure(result)}`);
  return matchHashes(packages, folder);
}

/** As root, apt would fetch as the user _apt, who can't write into a private folder. The hashes are checked in any case. */
const unsandboxed = (): string[] => (process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : []);

/** By content: the names of the files are apt's own affair. */
function matchHashes(packages: readonly DebianPackage[], folder: string): string[] {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const paths = new Map(files.map((path) => [syncAndHash(path).sha256, path]));
  return packages.map(({ name, version, sha256 }) => {
    const path = paths.get(sha256);
    if (path !== undefined) return path;
    throw new CisError('LAB_DOWNLOAD', `no file that was downloaded for ${name} ${version} has the SHA-256 ${sha256}`, {
      hint: STALE_LISTS,
    });
  });
}

const given = ({ signal }: { signal: AbortSignal | undefined }) => (signal === undefined ? {} : { signal });
