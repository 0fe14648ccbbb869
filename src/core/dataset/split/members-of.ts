import { createHash } from 'node:crypto';
import { stringify } from 'lossless-json';
import type { Meta } from '../../episode/meta.js';
import { toTextOrNull } from '../../text/to-text.js';
import type { Members } from './group-keys.js';

/** As much of a hash as tells images apart. */
const DIGITS = 16;

/** As much of meta.json as tells what an episode is a member of. */
export type MemberFacts = Pick<Meta, 'scenario' | 'sample' | 'operator' | 'vantages' | 'target'>;

/**
 * What an episode is a member of. In doubt two are one: a scenario's versions, hosts of one name. A pair counts within its
 * scenario; the host is the recorder's machine, by its name, which outlives a reboot.
 */
export function membersOf({ scenario, sample, operator, vantages, target }: MemberFacts): Members {
  const { machine } = target;
  return {
    scenario: nameOf(scenario?.id),
    pair: pairOf(scenario),
    sample: nameOf(sample?.sha256),
    family: nameOf(sample?.family),
    host: nameOf(vantages.local.hostname),
    image: imageOf(machine?.files),
    state: nameOf(machine?.start?.state_id),
    operator: nameOf(operator),
  };
}

/** "17" and 17 are one: a configuration may have either. No text is no name. */
function nameOf(value: unknown): string | null {
  return toTextOrNull(value) || null;
}

function pairOf(scenario: MemberFacts['scenario']): string | null {
  const pair = nameOf(scenario?.pair);
  return pair === null ? null : `${nameOf(scenario?.id) ?? ''}#${pair}`;
}

/** The id of a lab image; for files of the user's own, and a disk beside either, a hash over what tells them apart. */
function imageOf(files: unknown): string | null {
  if (typeof files !== 'object' || files === null) return null;
  const { image, ...own } = files as Readonly<Record<string, unknown>>;
  const parts = [
    ...(isManifest(image) ? [image.id] : []),
    ...(Object.values(own).some((file) => file !== null) ? [digest(own)] : []),
  ];
  return parts.length === 0 ? null : parts.join('+');
}

function isManifest(image: unknown): image is { readonly id: string } {
  return typeof image === 'object' && image !== null && typeof (image as { id?: unknown }).id === 'string';
}

/** Integers may have come as bigints. */
function digest(files: Readonly<Record<string, unknown>>): string {
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256')
    .update(String(stringify(sorted)))
    .digest('hex')
    .slice(0, DIGITS);
}
