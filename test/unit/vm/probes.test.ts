import { describe, expect, test } from 'vitest';
import { objection, type ProbePlan, planProbes } from '../../../src/core/vm/network/probes.js';

const SETUP = { lease: null, hasIpv6: false, gateways6: [], resolvers: [] };
const PLAN: ProbePlan = {
  interface: 'eth0',
  ownAddress: '10.0.2.15',
  gateway: '10.0.2.2',
  harmless: ['10.0.2.2'],
  setup: SETUP,
};
const HOST = { v4: ['192.0.2.2', '172.17.0.1'], v6: ['fd00::2'] };
const PORTS = { tcp: 1111, udp: 2222 };
const words = (plan: ProbePlan, host = HOST) =>
  planProbes(plan, host, PORTS).map(({ what, address, port }) => `${what} ${address} ${port}`);

describe('what is tried', () => {
  test("the host's addresses and the gateway by all means, servers beyond, and DNS", () => {
    expect(words(PLAN)).toEqual([
      ...['tcp 192.0.2.2 1111', 'udp 192.0.2.2 2222', 'tcp 172.17.0.1 1111', 'udp 172.17.0.1 2222'],
      ...['tcp 10.0.2.2 1111', 'udp 10.0.2.2 2222', 'ping 192.0.2.2 null', 'ping 172.17.0.1 null'],
      ...['tcp 1.1.1.1 53', 'tcp 8.8.8.8 53', 'tcp 9.9.9.9 443', 'udp 10.0.2.2 53', 'udp 10.0.2.3 53'],
    ]);
  });

  test("a host with the guest's own address: what is sent there never leaves the guest", () => {
    expect(words(PLAN, { v4: ['10.0.2.15'], v6: [] }).join()).not.toContain('10.0.2.15');
  });

  test("the guest's resolvers are asked, but for a stub of its own", () => {
    const setup = { ...SETUP, resolvers: ['127.0.0.53', '192.168.7.1', '2001:db8::1'] };
    expect(words({ ...PLAN, setup }).filter((line) => line.endsWith(' 53') && line.startsWith('udp'))).toEqual([
      'udp 192.168.7.1 53',
      'udp 10.0.2.2 53',
      'udp 10.0.2.3 53',
    ]);
  });

  test('IPv6 where the guest has an address that leads out', () => {
    const setup = { ...SETUP, hasIpv6: true, gateways6: ['fe80::2'] };
    const tried = words({ ...PLAN, harmless: ['10.0.2.2', 'fe80::2'], setup });
    expect(tried).toEqual(expect.arrayContaining(['tcp fd00::2 1111', 'udp fec0::2 2222', 'tcp fe80::2%eth0 1111']));
    expect(tried).toContain('tcp 2606:4700:4700::1111 53');
    expect(tried).toContain('ping fd00::2 null');
    expect(tried).not.toContain('ping fe80::2%eth0 null');
  });
});

describe('what a result says', () => {
  const tcp = { what: 'tcp', address: '192.0.2.2', port: 1111 } as const;
  test.each([
    ['open', 'tcp 192.0.2.2 port 1111 answered'],
    ['answered', 'tcp 192.0.2.2 port 1111 answered'],
    ['failed', 'tcp 192.0.2.2 port 1111 could not be tried'],
    ['refused', 'tcp 192.0.2.2 port 1111 was reached, and refused'],
    ['unreachable', null],
    ['timeout', null],
    ['silent', null],
  ] as const)('%s', (result, expected) => {
    expect(objection(tcp, result, ['10.249.0.1'])).toBe(expected);
  });

  test('a refusal is nothing where whoever stands between refuses all', () => {
    expect(objection(tcp, 'refused', 'all')).toBeNull();
    expect(objection(tcp, 'refused', ['192.0.2.2'])).toBeNull();
    expect(objection({ ...tcp, what: 'ping', port: null }, 'answered', 'all')).toBe('ping 192.0.2.2 answered');
  });
});
