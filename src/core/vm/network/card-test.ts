import { CisError } from '../../errors/cis-error.js';
import type { AgentClient } from '../../guest/agent-client.js';
import { runInGuest } from '../../guest/run-in-guest.js';
import { NIC_MAC } from '../qemu-arguments.js';
import { BRIDGE, GUEST, SLIRP } from './addresses.js';
import { type GuestInterface, type ProbeAnswers, type ProbeResult, parseProbes, parseSetup } from './guest-answers.js';
import { BATCH, CONFIGURE, DISCOVER, PROBE, TAKE_DOWN } from './guest-scripts.js';
import type { HostAddresses } from './host-addresses.js';
import type { HostListener } from './host-listener.js';
import { objection, type Probe, type ProbePlan, planProbes } from './probes.js';
import { untestable } from './untestable.js';

const SETUP_TIMEOUT_MS = 15_000;
const PROBE_TIMEOUT_MS = 15_000;
const BATCH_TIMEOUT_MS = 5_000;
const LACKING = 127;

export type NetworkMode = 'none' | keyof typeof GUEST;

/** What was tried through a card; a part of the evidence. */
export interface TestedInterface extends GuestInterface {
  /** Whether it is the one that this episode is about; any other was taken down again. */
  readonly is_own: boolean;
  readonly address: string;
  readonly gateway: string | null;
  /** What has to answer, since otherwise silence would prove nothing; null for a foreign card, whose DHCP lease shows as much. */
  readonly control: { readonly what: 'ping'; readonly address: string; readonly result: ProbeResult | null } | null;
  readonly probes: readonly (Probe & { readonly result: ProbeResult })[];
}

/** Whether it is the card that this mode gives the guest. */
export const isOwn = ({ mac }: GuestInterface, mode: NetworkMode) => mode !== 'none' && mac === NIC_MAC;

export interface CardTestOptions {
  readonly agent: AgentClient;
  readonly mode: NetworkMode;
  readonly token: string;
  readonly listener: HostListener;
  readonly host: HostAddresses;
}

/** Tries what must be out of reach through one card of the guest after another. */
export class CardTest {
  readonly #o: CardTestOptions;

  constructor(options: CardTestOptions) {
    this.#o = options;
  }

  /** Throws NETWORK_NOT_CONTAINED, AGENT_* errors. */
  async run(card: GuestInterface): Promise<TestedInterface> {
    const { agent, mode } = this.#o;
    const isOurs = isOwn(card, mode);
    const plan = isOurs ? await this.#configure(card) : await this.#discover(card);
    const tested = await this.#probe(card, plan, isOurs);
    if (!isOurs) await runInGuest(agent, TAKE_DOWN, [card.name]);
    return tested;
  }

  async #configure({ name }: GuestInterface): Promise<ProbePlan> {
    const { address, prefix, gateway } = GUEST[this.#o.mode as keyof typeof GUEST];
    const setup = await this.#setUp(name, CONFIGURE, [address, String(prefix), gateway]);
    return { interface: name, ownAddress: address, gateway, harmless: [gateway], setup };
  }

  async #discover({ name, mac }: GuestInterface): Promise<ProbePlan> {
    const setup = await this.#setUp(name, DISCOVER, []);
    if (setup.lease === null)
      throw untestable(`the guest's card ${name} (${mac}) has no DHCP server, so that nobody knows what it reaches`);
    const { address, gateway } = setup.lease;
    return {
      interface: name,
      ownAddress: address,
      gateway,
      harmless: [SLIRP.gateway, SLIRP.dns, SLIRP.host6, SLIRP.link6],
      setup,
    };
  }

  async #setUp(name: string, script: string, args: readonly string[]) {
    const { code, stdout } = await runInGuest(this.#o.agent, script, [name, ...args], SETUP_TIMEOUT_MS);
    if (code === LACKING)
      throw untestable('the guest has no busybox with ip, nc, nslookup, ping, sleep and udhcpc', {
        hint: 'Install the package busybox in the guest, or use "network: none".',
      });
    const setup = code === 0 ? parseSetup(stdout) : null;
    if (setup === null) throw untestable(`the guest's card ${name} could not be set up`);
    return setup;
  }

  async #probe(card: GuestInterface, plan: ProbePlan, isOurs: boolean): Promise<TestedInterface> {
    const { agent, token, listener, host, mode } = this.#o;
    const probes = planProbes(plan, host, listener.ports);
    const control = isOurs ? plan.gateway : null;
    const words = probes.flatMap(({ what, address, port }) => [what, address, String(port ?? 0)]);
    const timeoutMs = PROBE_TIMEOUT_MS + Math.ceil(probes.length / BATCH) * BATCH_TIMEOUT_MS;
    const { stdout } = await runInGuest(agent, PROBE, [card.name, token, control ?? '-', ...words], timeoutMs);
    await new Promise(setImmediate); // who came at the same time as the answer has been heard of by then
    const answers = parseProbes(stdout, probes.length);
    const results = answers?.results ?? [];
    const refusers = isOurs && mode === 'isolated' ? [BRIDGE.address] : 'all';
    refuseLeaks(card, [
      ...listener.arrivals.map(({ protocol, from }) => `this machine was reached by ${protocol} from ${from}`),
      ...results.flatMap((result, i) => objection(probes[i]!, result, refusers) ?? []),
    ]);
    requireProof(card, answers, control);
    return {
      ...card,
      is_own: isOurs,
      address: plan.ownAddress,
      gateway: plan.gateway,
      control: control === null ? null : { what: 'ping', address: control, result: answers.control },
      probes: probes.map((probe, i) => ({ ...probe, result: results[i]! })),
    };
  }
}

function refuseLeaks({ name, mac }: GuestInterface, [first, ...others]: readonly string[]): void {
  if (first === undefined) return;
  const message = `the guest is not contained: through its card ${name} (${mac}) ${first}`;
  throw new CisError('NETWORK_NOT_CONTAINED', message, { problems: others });
}

/** That nothing was reached says something only where the tools tell what they reach, and the network is alive. */
function requireProof(
  { name }: GuestInterface,
  answers: ProbeAnswers | null,
  control: string | null,
): asserts answers is ProbeAnswers {
  if (answers === null) throw untestable(`the guest's answer to the test of ${name} is not to be understood`);
  const { tcp, udp } = answers.tools;
  if (tcp !== 'open' || udp !== 'refused')
    throw untestable(`the guest's tools do not tell what they reach (nc: ${tcp}, nslookup: ${udp})`);
  if (control !== null && answers.control !== 'answered')
    throw untestable(`the guest's network is dead: ${control}, which has to answer, did not`);
}
