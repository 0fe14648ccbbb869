import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultLoaders } from 'cosmiconfig';

const TOUR = fileURLToPath(new URL('../tour.yaml', import.meta.url));

/**
 * The tour's configuration for a network: "isolated" is the file as it stands. With "restricted", which needs no root,
 * QEMU has no interface of its own for host_net to look at.
 */
export function tourConfig(network, folder) {
  if (network === 'isolated') return TOUR;
  const { target, collectors, ...rest } = defaultLoaders['.yaml'](TOUR, readFileSync(TOUR, 'utf8'));
  const { host_net: _, ...others } = collectors;
  const path = join(folder, 'tour.json');
  writeFileSync(path, JSON.stringify({ ...rest, target: { ...target, network }, collectors: others }));
  return path;
}
