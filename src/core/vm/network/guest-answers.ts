import { isIP, isIPv4 } from 'node:net';

/** More than any script of ours prints: the rest would be the guest's own invention. */
const MAX_LINES = 500;
const MAX_INTERFACES = 64;
const MAX_RESOLVERS = 3;
/** The kernel's dev_valid_name() without what a shell or a terminal could mistake. */
const INTERFACE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/;
const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;
const RESULTS = ['open', 'answered', 'refused', 'unreachable', 'timeout', 'silent', 'failed'] as const;

export type ProbeResult = (typeof RESULTS)[number];

/** A network card of the guest. */
export interface GuestInterface {
  readonly name: string;
  readonly mac: string;
}

/** How an interface stands after it was brought up. */
export interface Setup {
  readonly lease: { readonly address: string; readonly gateway: string | null } | null;
  readonly hasIpv6: boolean;
  readonly gateways6: readonly string[];
  readonly resolvers: readonly string[];
}

export interface ProbeAnswers {
  /** Whether the tools of the guest tell what they see. */
  readonly tools: { readonly tcp: ProbeResult | null; readonly udp: ProbeResult | null };
  readonly control: ProbeResult | null;
  readonly results: readonly ProbeResult[];
}

/** The cards of the guest, virtual interfaces left out; null for anything but a sound list. */
export function parseInterfaces(text: string): GuestInterface[] | null {
  const words = linesOf(text).map((line) => line.split(' '));
  const isSound = words.every(
    ([word, name = '', kind = '', ...mac]) =>
      word === 'interface' && INTERFACE.test(name) && (kind === 'virtual' || (kind === 'device' && isMac(mac))),
  );
  const hasLoopback = words.some(([, name]) => name === 'lo');
  if (!isSound || !hasLoopback || words.length > MAX_INTERFACES) return null;
  return words.filter(([, , kind]) => kind === 'device').map(([, name, , mac]) => ({ name: name!, mac: mac! }));
}

const isMac = (words: readonly string[]) => words.length === 1 && MAC.test(words[0]!);

/** Null for anything but what the script prints to its end. */
export function parseSetup(text: string): Setup | null {
  const lines = linesOf(text);
  if (lines.pop() !== 'end') return null;
  let lease: Setup['lease'] = null;
  let hasIpv6 = false;
  const [gateways6, resolvers] = [new Set<string>(), new Set<string>()];
  for (const line of lines) {
    const [word, address = '', prefix, gateway = ''] = line.trimEnd().split(' ');
    if (word === 'ipv6') hasIpv6 = true;
    else if (word === 'gateway' && isIP(address) === 6) gateways6.add(address);
    else if (word === 'dns' && isIP(address) !== 0) resolvers.add(address);
    else if (
      word === 'lease' &&
      isIPv4(address) &&
      /^\d{1,2}$/.test(prefix ?? '') &&
      (gateway === '' || isIPv4(gateway))
    )
      lease = { address, gateway: gateway || null };
    else return null;
  }
  const few = (addresses: Set<string>) => [...addresses].slice(0, MAX_RESOLVERS);
  return { lease, hasIpv6, gateways6: few(gateways6), resolvers: few(resolvers) };
}

/** Null unless each of `count` probes has exactly one result. */
export function parseProbes(text: string, count: number): ProbeAnswers | null {
  const lines = linesOf(text);
  if (lines.pop() !== 'end') return null;
  const controls: Partial<Record<string, ProbeResult>> = {};
  const results: ProbeResult[] = [];
  for (const line of lines) {
    const [, word, which, result] = /^(control|probe) ([a-z]+|\d{1,3}) ([a-z]+)$/.exec(line) ?? [];
    if (!isResult(result)) return null;
    if (word === 'control' && controls[which!] === undefined) controls[which!] = result;
    else if (word === 'probe' && Number(which) < count && results[Number(which)] === undefined)
      results[Number(which)] = result;
    else return null;
  }
  if (Object.keys(results).length !== count) return null;
  const { tcp = null, udp = null, ping = null } = controls;
  return { tools: { tcp, udp }, control: ping, results };
}

const isResult = (word: string | undefined): word is ProbeResult => (RESULTS as readonly string[]).includes(word ?? '');

function linesOf(text: string): string[] {
  const lines = text.split('\n', MAX_LINES + 1).filter((line) => line !== '');
  return lines.length > MAX_LINES ? [] : lines;
}
