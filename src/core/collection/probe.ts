import { accessSync, closeSync, constants, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { AnyCollector, CollectorContext, FileSpec, ProbeResult, Requirements } from '../contract/collector.js';
import { errorCode, errorMessage } from '../errors/describe-error.js';
import { missingCapabilities } from '../procfs/capabilities.js';
import { GuestFrameReader, type GuestPort } from './guest-frame-reader.js';
import { underRoot } from './local-frame-reader.js';
import type { PluginOptions } from './protocol.js';
import { filesOf, guestFilesOf } from './sampler.js';

/** Can the collector run here, or in the guest? Never throws. */
export async function probeCollector(
  collector: AnyCollector,
  context: CollectorContext<PluginOptions>,
  guest: GuestPort | null = null,
): Promise<ProbeResult> {
  try {
    if (guest !== null && collector.kind === 'files') return await probeGuestFiles(collector, context, guest);
    const missing = missingRequirements(collector.requires ?? {}, context);
    if (missing !== null) return missing;
    if (collector.kind === 'files') return probeFiles(filesOf(collector, context).specs, context);
    return (await collector.probe?.(context)) ?? { status: 'ok' };
  } catch (error) {
    return { status: 'unavailable', reason: errorMessage(error), ...remedyOf(error) };
  }
}

/** What the thrower of an error says would mend it. */
function remedyOf(error: unknown): Pick<ProbeResult, 'remedy'> {
  const remedy = error instanceof Error && 'remedy' in error ? error.remedy : undefined;
  return typeof remedy === 'string' ? { remedy } : {};
}

function missingRequirements(
  { binaries = [], capabilities = [], files = [], remedies = {} }: Requirements,
  { roots }: CollectorContext<PluginOptions>,
): ProbeResult | null {
  const binary = binaries.find((name) => !isInPath(name));
  if (binary !== undefined)
    return {
      status: 'unavailable',
      reason: `no program "${binary}" in PATH`,
      remedy: remedies[binary] ?? `install "${binary}"`,
    };
  const lacking = missingCapabilities(readFileSync('/proc/self/status', 'latin1'), capabilities);
  if (lacking.length > 0)
    return {
      status: 'unavailable',
      reason: `it lacks ${lacking.join(', ')}`,
      remedy: remedies[lacking[0]!] ?? 'run cis490 as root',
    };
  for (const path of files) {
    const code = whyUnreadable(underRoot(path, roots));
    if (code === null) continue;
    const remedy = remedies[path];
    return { status: 'unavailable', reason: `${path} can not be read (${code})`, ...(remedy && { remedy }) };
  }
  return null;
}

function isInPath(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function probeFiles(
  specs: Readonly<Record<string, FileSpec>>,
  { roots }: CollectorContext<PluginOptions>,
): ProbeResult {
  const unreadable: string[] = [];
  for (const spec of Object.values(specs)) {
    const path = typeof spec === 'string' ? spec : spec.path;
    const code = whyUnreadable(underRoot(path, roots));
    if (code === null) continue;
    if (typeof spec === 'string' || !spec.optional)
      return { status: 'unavailable', reason: `${path} can not be read (${code})` };
    unreadable.push(`${path} (${code})`);
  }
  return partialWithout(unreadable);
}

/** What a collector requires is asked of the machine that it reads: of a guest, its files. */
async function probeGuestFiles(
  collector: Extract<AnyCollector, { kind: 'files' }>,
  context: CollectorContext<PluginOptions>,
  guest: GuestPort,
): Promise<ProbeResult> {
  const { specs } = await guestFilesOf(collector, { ...context, guest });
  const unreadable: string[] = [];
  const reader = new GuestFrameReader({
    specs,
    port: guest,
    onUnreadable: (path, code) => unreadable.push(`${path} (${code})`),
  });
  try {
    await reader.open();
  } finally {
    reader.close();
  }
  return partialWithout(unreadable);
}

function partialWithout(unreadable: readonly string[]): ProbeResult {
  if (unreadable.length === 0) return { status: 'ok' };
  return { status: 'partial', reason: `these can not be read, and their fields are null: ${unreadable.join(', ')}` };
}

function whyUnreadable(path: string): string | null {
  try {
    closeSync(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
    return null;
  } catch (error) {
    return errorCode(error);
  }
}
