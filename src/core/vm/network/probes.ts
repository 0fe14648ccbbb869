import { isIPv6 } from 'node:net';
import { BEYOND, BEYOND6, SLIRP } from './addresses.js';
import type { ProbeResult, Setup } from './guest-answers.js';
import type { HostAddresses } from './host-addresses.js';

const DNS_PORT = 53;
/** A stub of the guest's own: what it says says nothing of what lies outside. */
const OWN_RESOLVER = /^(127\.|::1$)/;

/** Something that is tried from inside the guest. */
export interface Probe {
  readonly what: 'tcp' | 'udp' | 'ping';
  readonly address: string;
  /** Null for a ping. */
  readonly port: number | null;
}

/** Ports of this machine that notice whoever comes. */
export interface Ports {
  readonly tcp: number;
  readonly udp: number;
}

export interface ProbePlan {
  readonly interface: string;
  /** The guest's own address there: what is sent to it never leaves the guest. */
  readonly ownAddress: string;
  readonly gateway: string | null;
  /** What answers pings and is neither the host nor beyond: the namespace's bridge, or QEMU itself. */
  readonly harmless: readonly string[];
  readonly setup: Setup;
}

/** All that has to stay out of reach through one interface. */
export function planProbes(plan: ProbePlan, host: HostAddresses, ports: Ports): Probe[] {
  const { gateway, ownAddress, setup } = plan;
  const { hasIpv6, gateways6, resolvers } = setup;
  const near = unique([
    ...host.v4,
    ...(gateway === null ? [] : [gateway]),
    ...(hasIpv6 ? [...host.v6, SLIRP.host6, ...gateways6.map((address) => scoped(address, plan.interface))] : []),
  ]).filter((address) => address !== ownAddress);
  const servers = unique([
    ...resolvers.filter((address) => !OWN_RESOLVER.test(address) && (hasIpv6 || !isIPv6(address))),
    ...(gateway === null ? [] : [gateway]),
    SLIRP.dns,
  ]);
  const pinged = near.filter((address) => !plan.harmless.includes(address.split('%')[0]!));
  return [
    ...near.flatMap((address): Probe[] => [
      { what: 'tcp', address, port: ports.tcp },
      { what: 'udp', address, port: ports.udp },
    ]),
    ...pinged.map((address): Probe => ({ what: 'ping', address, port: null })),
    ...[...BEYOND, ...(hasIpv6 ? BEYOND6 : [])].map((server): Probe => ({ what: 'tcp', ...server })),
    ...servers.map((address): Probe => ({ what: 'udp', address, port: DNS_PORT })),
  ];
}

const unique = (addresses: readonly string[]): string[] => [...new Set(addresses)];
/** A link-local address means something on a link alone. */
const scoped = (address: string, name: string) => (address.startsWith('fe80:') ? `${address}%${name}` : address);

/**
 * Why a result shows a leak, or that nothing was shown; null if it is as it should be. A refusal is an answer too, and
 * somebody has given it: `refusers` may.
 */
export function objection(
  { what, address, port }: Probe,
  result: ProbeResult,
  refusers: 'all' | readonly string[],
): string | null {
  const target = `${what} ${address}${port === null ? '' : ` port ${port}`}`;
  if (result === 'open' || result === 'answered') return `${target} answered`;
  if (result === 'failed') return `${target} could not be tried`;
  const mayRefuse = refusers === 'all' || refusers.includes(address);
  return result === 'refused' && !mayRefuse ? `${target} was reached, and refused` : null;
}
