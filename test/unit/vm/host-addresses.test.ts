import { expect, test } from 'vitest';
import { parseFibTrie, parseIfInet6 } from '../../../src/core/vm/network/host-addresses.js';

const FIB_TRIE = `Main:
  +-- 0.0.0.0/0 3 0 4
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
     +-- 172.17.0.0/16 2 0 2
        |-- 172.17.0.0
           /16 link UNICAST
        |-- 172.17.0.1
           /32 host LOCAL
        |-- 172.17.255.255
           /32 link BROADCAST
     +-- 192.0.2.0/30 2 0 2
        |-- 192.0.2.0
           /24 link UNICAST
           /32 link BROADCAST
        |-- 192.0.2.2
           /32 link UNICAST
           /32 host LOCAL
Local:
  +-- 0.0.0.0/0 3 0 5
        |-- 172.17.0.1
           /32 host LOCAL
`;

test('every address of the host, once: not the loopback, not the networks, not what is broadcast', () => {
  expect(parseFibTrie(FIB_TRIE)).toEqual(['172.17.0.1', '192.0.2.2']);
  expect(parseFibTrie('')).toEqual([]);
});

test('IPv6 addresses that mean this machine from elsewhere', () => {
  const text = [
    'fe8000000000000000fc00fffe000001 04 40 20 80     eth0',
    'fd000000000000000000000000000002 04 40 00 82     eth0',
    'fec00000000000000000000000000001 04 40 40 82     eth0',
    '00000000000000000000000000000001 01 80 10 80       lo',
    '',
  ].join('\n');
  expect(parseIfInet6(text)).toEqual([
    'fd00:0000:0000:0000:0000:0000:0000:0002',
    'fec0:0000:0000:0000:0000:0000:0000:0001',
  ]);
});
