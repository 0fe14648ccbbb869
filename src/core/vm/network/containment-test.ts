import { randomBytes } from 'node:crypto';
import type { AgentClient } from '../../guest/agent-client.js';
import { runInGuest } from '../../guest/run-in-guest.js';
import { NIC_MAC } from '../qemu-arguments.js';
import { CardTest, isOwn, type NetworkMode, type TestedInterface } from './card-test.js';
import { type GuestInterface, parseInterfaces } from './guest-answers.js';
import { LIST, TAKE_DOWN } from './guest-scripts.js';
import { type HostAddresses, readHostAddresses } from './host-addresses.js';
import { type Arrival, HostListener } from './host-listener.js';
import { untestable } from './untestable.js';

/** Each address costs the guest three probes, and each card of the guest all of them. */
const MAX_ADDRESSES = 64;
const MAX_CARDS = 8;

/** The evidence, for meta.json. */
export interface Containment {
  /** What was tried through each card of the guest, in the order in which they were tried. */
  readonly interfaces: readonly TestedInterface[];
  /** Who came to the ports that were opened for it on all addresses of this machine: nobody. */
  readonly arrivals: readonly Arrival[];
  readonly duration_ms: number;
}

/**
 * Sets up the guest's network and tries from inside what must be out of reach: through every card that it has, also one
 * that is there by QEMU arguments of the user's own, since the guest's root could bring it up. Ours is the last, and stays
 * up. Throws NETWORK_NOT_CONTAINED for whatever is reached, or could not be tested, and AGENT_* errors.
 */
export async function testContainment(agent: AgentClient, mode: NetworkMode): Promise<Containment> {
  const begunMs = performance.now();
  const evidence = await testCards(await listCards(agent, mode), agent, mode);
  return { ...evidence, duration_ms: Math.round(performance.now() - begunMs) };
}

async function testCards(
  cards: readonly GuestInterface[],
  agent: AgentClient,
  mode: NetworkMode,
): Promise<Pick<Containment, 'interfaces' | 'arrivals'>> {
  if (cards.length === 0) return { interfaces: [], arrivals: [] };
  const host = boundedAddresses();
  const token = `cis490-${randomBytes(8).toString('hex')}`;
  const listener = await HostListener.open(token);
  try {
    const test = new CardTest({ agent, mode, token, listener, host });
    const interfaces: TestedInterface[] = [];
    for (const card of cards) interfaces.push(await test.run(card));
    return { interfaces, arrivals: listener.arrivals };
  } finally {
    listener.close();
  }
}

function boundedAddresses(): HostAddresses {
  const host = readHostAddresses();
  const count = host.v4.length + host.v6.length;
  if (count <= MAX_ADDRESSES) return host;
  throw untestable(`this machine has ${count} addresses, and at most ${MAX_ADDRESSES} are tried`, {
    hint: 'Record in a container or a network namespace that has fewer, or use "network: none".',
  });
}

/** Ours last. Where there are others too, all are down from here on. */
async function listCards(agent: AgentClient, mode: NetworkMode): Promise<GuestInterface[]> {
  const cards = parseInterfaces((await runInGuest(agent, LIST)).stdout);
  if (cards === null) throw untestable('the guest does not tell its interfaces (/sys/class/net)');
  if (cards.length > MAX_CARDS)
    throw untestable(`the guest has ${cards.length} network cards, and at most ${MAX_CARDS} are tried`);
  const foreign = cards.filter((card) => !isOwn(card, mode));
  const own = cards.filter((card) => isOwn(card, mode));
  if (mode !== 'none' && own.length !== 1) throw untestable(`the guest has ${own.length} network cards ${NIC_MAC}`);
  if (foreign.length > 0) for (const { name } of cards) await runInGuest(agent, TAKE_DOWN, [name]);
  return [...foreign, ...own];
}
