import { readFileSync } from 'node:fs';

const LOOPBACK_4 = /^127\./;
/** Scopes of net/ipv6.h: neither means this machine from elsewhere. */
const LOCAL_SCOPES = [0x10, 0x20];

export interface HostAddresses {
  readonly v4: readonly string[];
  readonly v6: readonly string[];
}

/** Every address that this machine answers to, also of interfaces without a carrier (an empty bridge), which getifaddrs(3) of Node leaves out. */
export function readHostAddresses(): HostAddresses {
  return { v4: parseFibTrie(read('/proc/net/fib_trie')), v6: parseIfInet6(read('/proc/net/if_inet6')) };
}

/** A kernel without the protocol has no such file. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Of /proc/net/fib_trie the addresses of type "host LOCAL", in their order, without loopback. */
export function parseFibTrie(text: string): string[] {
  const found = new Set<string>();
  let address = '';
  for (const line of text.split('\n')) {
    address = /^ +\|-- (\d+\.\d+\.\d+\.\d+)$/.exec(line)?.[1] ?? address;
    if (/^ +\/32 host LOCAL/.test(line) && !LOOPBACK_4.test(address)) found.add(address);
  }
  return [...found];
}

/** Of /proc/net/if_inet6 the addresses that mean this machine from anywhere. */
export function parseIfInet6(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [hex = '', , , scope = ''] = line.trim().split(/\s+/);
    if (!/^[0-9a-f]{32}$/.test(hex) || LOCAL_SCOPES.includes(Number.parseInt(scope, 16))) return [];
    return [hex.match(/.{4}/g)!.join(':')];
  });
}
