/** The end of an isolated network that is not the guest's: a bridge of a namespace in which nothing else is. */
export const BRIDGE = { name: 'br0', mac: '52:54:00:c1:54:91', address: '10.249.0.1', prefix: 24 } as const;

/** What libslirp, QEMU's user networking, shows of itself to the guest by default (net/slirp.c). */
export const SLIRP = {
  gateway: '10.0.2.2',
  dns: '10.0.2.3',
  guest: '10.0.2.15',
  prefix: 24,
  host6: 'fec0::2',
  link6: 'fe80::2',
} as const;

/** What the guest's own interface is given: the same in every episode. */
export const GUEST = {
  isolated: { address: '10.249.0.2', prefix: BRIDGE.prefix, gateway: BRIDGE.address },
  restricted: { address: SLIRP.guest, prefix: SLIRP.prefix, gateway: SLIRP.gateway },
} as const;

/** Well-known servers, on the far side of any default route that leads anywhere. */
export const BEYOND = [
  { address: '1.1.1.1', port: 53 },
  { address: '8.8.8.8', port: 53 },
  { address: '9.9.9.9', port: 443 },
] as const;
export const BEYOND6 = [{ address: '2606:4700:4700::1111', port: 53 }] as const;
