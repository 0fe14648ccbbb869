import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInterfaces, parseProbes, parseSetup } from '../../../src/core/vm/network/guest-answers.js';

const LO = 'interface lo virtual 00:00:00:00:00:00\n';
const ETH0 = 'interface eth0 device 52:54:00:c1:54:90\n';

describe('the interfaces of a guest', () => {
  test('its cards, without what is virtual', () => {
    expect(parseInterfaces(`${ETH0}${LO}interface sit0 virtual 0.0.0.0\ninterface tun0 virtual \n`)).toEqual([
      { name: 'eth0', mac: '52:54:00:c1:54:90' },
    ]);
    expect(parseInterfaces(LO)).toEqual([]);
  });

  test.each([
    ['nothing', ''],
    ['no loopback, so that the list is not whole', ETH0],
    ['no list', 'sh: syntax error\n'],
    ['a name that a shell could take for more', `${LO}interface $(reboot) device 52:54:00:c1:54:90\n`],
    ['a name that is an option', `${LO}interface -all device 52:54:00:c1:54:90\n`],
    ['a name that is a path', `${LO}interface ../x device 52:54:00:c1:54:90\n`],
    ['a name longer than any', `${LO}interface ${'e'.repeat(16)} device 52:54:00:c1:54:90\n`],
    ['a card without an address', `${LO}interface eth0 device\n`],
    ['a card with an escape for the terminal', `${LO}interface eth0 device \x1b[2J\n`],
    ['more lines than a guest has interfaces', LO.repeat(100)],
    ['more lines than are looked at', LO.repeat(1000)],
  ])('%s is no list', (_, text) => {
    expect(parseInterfaces(text)).toBeNull();
  });
});

describe('how a card was set up', () => {
  test('lease, resolvers and IPv6', () => {
    const text = 'lease 10.0.2.15 24 10.0.2.2\ndns 10.0.2.3\nipv6\ngateway fe80::2\ndns 10.0.2.3\nend\n';
    expect(parseSetup(text)).toEqual({
      lease: { address: '10.0.2.15', gateway: '10.0.2.2' },
      hasIpv6: true,
      gateways6: ['fe80::2'],
      resolvers: ['10.0.2.3'],
    });
    expect(parseSetup('end\n')).toEqual({ lease: null, hasIpv6: false, gateways6: [], resolvers: [] });
    expect(parseSetup('lease 10.0.2.15 24 \nend\n')?.lease).toEqual({ address: '10.0.2.15', gateway: null });
  });

  test('of many resolvers the first three are asked', () => {
    const text = [1, 2, 3, 4, 5].map((n) => `dns 10.0.0.${n}\n`).join('');
    expect(parseSetup(`${text}end\n`)?.resolvers).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  });

  test.each([
    ['a script that did not come to its end', 'ipv6\n'],
    ['an address that is a command', 'dns $(reboot)\nend\n'],
    ['a lease that is no address', 'lease 10.0.2.256 24 10.0.2.2\nend\n'],
    ['a gateway that is no address', 'lease 10.0.2.15 24 gateway\nend\n'],
    ['words that no script of ours says', 'all is well\nend\n'],
    ['an end without an end', `${'ipv6\n'.repeat(1000)}end\n`],
  ])('%s is not understood', (_, text) => {
    expect(parseSetup(text)).toBeNull();
  });
});

describe('what became of the probes', () => {
  test('in whatever order they end', () => {
    const text =
      'control ping answered\nprobe 1 timeout\ncontrol tcp open\nprobe 0 refused\ncontrol udp refused\nend\n';
    expect(parseProbes(text, 2)).toEqual({
      tools: { tcp: 'open', udp: 'refused' },
      control: 'answered',
      results: ['refused', 'timeout'],
    });
  });

  test.each([
    ['one too few', 'probe 0 timeout\nend\n'],
    ['one too many', 'probe 0 timeout\nprobe 1 timeout\nprobe 2 timeout\nend\n'],
    ['one twice', 'probe 0 timeout\nprobe 0 timeout\nprobe 1 timeout\nend\n'],
    ['a control twice', 'control tcp failed\ncontrol tcp open\nprobe 0 timeout\nprobe 1 timeout\nend\n'],
    ['a result of its own', 'probe 0 timeout\nprobe 1 fine\nend\n'],
    ['an index of its own', 'probe 0 timeout\nprobe -1 timeout\nend\n'],
    ['no end', 'probe 0 timeout\nprobe 1 timeout\n'],
    ['nothing', ''],
  ])('%s proves nothing', (_, text) => {
    expect(parseProbes(text, 2)).toBeNull();
  });

  test('anything at all neither throws nor passes for an answer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        parseInterfaces(text);
        parseSetup(text);
        expect(parseProbes(text, 1)).toBeNull();
      }),
    );
  });
});
