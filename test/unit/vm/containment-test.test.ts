import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { AgentClient } from '../../../src/core/guest/agent-client.js';
import type { NetworkMode } from '../../../src/core/vm/network/card-test.js';
import { testContainment } from '../../../src/core/vm/network/containment-test.js';
import { CONFIGURE, DISCOVER, LIST, PROBE, TAKE_DOWN } from '../../../src/core/vm/network/guest-scripts.js';

const LO = 'interface lo virtual 00:00:00:00:00:00\n';
const OWN = 'interface eth0 device 52:54:00:c1:54:90\n';
const FOREIGN = 'interface eth1 device 52:54:00:12:34:56\n';
const CONTROLS = 'control ping answered\ncontrol tcp open\ncontrol udp refused\n';

type Answer = string | { readonly code: number; readonly stdout: string };
type Script = (args: readonly string[]) => Answer | Promise<Answer>;

const silent: Script = (args) => {
  const count = (args.length - 3) / 3;
  const results = Array.from(
    { length: count },
    (_, i) => `probe ${i} ${args[3 + 3 * i] === 'ping' ? 'silent' : 'timeout'}\n`,
  );
  return `${CONTROLS}${results.join('')}end\n`;
};

/** A guest that answers as it is told, and what was run in it. */
function guest(answers: { list?: string; configure?: Answer; discover?: Answer; probe?: Script }) {
  const ran: string[] = [];
  const scripts = new Map<string, [name: string, script: Script]>([
    [LIST, ['list', () => answers.list ?? LO + OWN]],
    [CONFIGURE, ['configure', () => answers.configure ?? 'end\n']],
    [DISCOVER, ['discover', () => answers.discover ?? 'lease 10.0.2.15 24 10.0.2.2\nend\n']],
    [PROBE, ['probe', answers.probe ?? silent]],
    [TAKE_DOWN, ['down', () => '']],
  ]);
  let result: Promise<Answer> = Promise.resolve('');
  const agent = {
    async execute(command: string, { arg }: { arg: string[] }) {
      if (command === 'guest-exec') {
        const [, text, , ...args] = arg;
        const [name, script] = scripts.get(text!)!;
        ran.push(`${name} ${args[0] ?? ''}`.trim());
        result = Promise.resolve(script(args));
        return { pid: 1 };
      }
      const answer = await result;
      const { code, stdout } = typeof answer === 'string' ? { code: 0, stdout: answer } : answer;
      return { exited: true, exitcode: code, 'out-data': Buffer.from(stdout).toString('base64') };
    },
  };
  return { agent: agent as unknown as AgentClient, ran };
}

const tested = (answers: Parameters<typeof guest>[0], mode: NetworkMode = 'isolated') =>
  testContainment(guest(answers).agent, mode);

describe('a guest that reaches nothing', () => {
  test('is contained, and the evidence says what was tried', async () => {
    const { interfaces, arrivals } = await tested({});
    expect(arrivals).toEqual([]);
    expect(interfaces).toHaveLength(1);
    expect(interfaces[0]).toMatchObject({
      ...{ name: 'eth0', mac: '52:54:00:c1:54:90', is_own: true, address: '10.249.0.2', gateway: '10.249.0.1' },
      control: { what: 'ping', address: '10.249.0.1', result: 'answered' },
    });
    expect(interfaces[0]!.probes).toContainEqual({ what: 'tcp', address: '1.1.1.1', port: 53, result: 'timeout' });
  });

  test('has nothing to try without a card', async () => {
    expect(await tested({ list: LO }, 'none')).toMatchObject({ interfaces: [], arrivals: [] });
  });

  test('has every other card tried while ours is down, and ours last, since it stays up', async () => {
    const { agent, ran } = guest({ list: LO + OWN + FOREIGN });
    await testContainment(agent, 'restricted');
    expect(ran).toEqual([
      ...['list', 'down eth0', 'down eth1', 'discover eth1', 'probe eth1', 'down eth1', 'configure eth0', 'probe eth0'],
    ]);
  });
});

describe('a leak', () => {
  test("is whatever arrives on the host's port, though the guest says that nothing did", async () => {
    const lies: Script = async (args) => {
      const port = Number(args[args.indexOf('tcp') + 2]);
      await new Promise<void>((resolve) =>
        connect(port, '127.0.0.1')
          .on('close', () => resolve())
          .on('error', () => {}),
      );
      return silent(args);
    };
    await expect(tested({ probe: lies })).rejects.toMatchObject({
      code: 'NETWORK_NOT_CONTAINED',
      message:
        'the guest is not contained: through its card eth0 (52:54:00:c1:54:90) this machine was reached by tcp from 127.0.0.1',
    });
  });

  test.each(['probe 0 open', 'probe 0 answered', 'probe 0 failed'])('is what the guest says: %s', async (line) => {
    const probe: Script = async (args) => String(await silent(args)).replace(/probe 0 \w+/, line);
    await expect(tested({ probe }, 'restricted')).rejects.toMatchObject({ code: 'NETWORK_NOT_CONTAINED' });
  });

  test('is a refusal from where nobody should be', async () => {
    const probe: Script = async (args) => String(await silent(args)).replaceAll('timeout', 'refused');
    await expect(tested({ probe })).rejects.toThrow(/was reached, and refused/);
    await expect(tested({ probe }, 'restricted')).resolves.toBeDefined(); // QEMU refuses all
  });
});

describe('a test that proves nothing fails closed:', () => {
  const without =
    (line: RegExp, instead: string): Script =>
    async (args) =>
      String(await silent(args)).replace(line, instead);
  test.each<[string, Parameters<typeof guest>[0], RegExp]>([
    ['no list of interfaces', { list: '' }, /does not tell its interfaces/],
    ['no card of ours', { list: LO }, /the guest has 0 network cards 52:54:00:c1:54:90/],
    ['two cards with our address', { list: LO + OWN + OWN.replace('eth0', 'eth1') }, /the guest has 2 network cards/],
    [
      'too many cards',
      { list: LO + Array.from({ length: 9 }, (_, i) => OWN.replace('eth0', `eth${i}`)).join('') },
      /9 network cards/,
    ],
    ['a guest without busybox', { configure: { code: 127, stdout: '' } }, /no busybox/],
    ['a card that can not be set up', { configure: { code: 1, stdout: 'end\n' } }, /eth0 could not be set up/],
    ['a foreign card without a lease', { list: LO + OWN + FOREIGN, discover: 'end\n' }, /eth1 .* has no DHCP server/],
    ['nonsense', { probe: () => '\x1b[2Jall is well\n' }, /is not to be understood/],
    ['a dead network', { probe: without(/ping answered/, 'ping silent') }, /network is dead: 10\.249\.0\.1/],
    ['no word of the network', { probe: without(/control ping .*\n/, '') }, /network is dead/],
    [
      'an nc that opens nothing',
      { probe: without(/tcp open/, 'tcp failed') },
      /do not tell what they reach \(nc: failed/,
    ],
    ['a datagram that goes nowhere', { probe: without(/udp refused/, 'udp timeout') }, /nslookup: timeout/],
  ])('%s', async (_, answers, message) => {
    await expect(tested(answers)).rejects.toThrow(message);
    await expect(tested(answers)).rejects.toMatchObject({ code: 'NETWORK_NOT_CONTAINED', exitCode: 4 });
  });
});
