import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filesBelow } from '../../../src/core/files/files-below.js';
import { onlyEpisode, plugin, startCli } from '../../support/cli.js';

/** Records a small episode with a file of each kind, in three phases, one of them with a `run`. */
export async function recordSmall(folder: string): Promise<string> {
  const config = join(folder, 'config.json');
  const phase = (name: string, more: object = {}) => ({ name, label: 'benign', duration: '1s', ...more });
  const document = {
    target: { type: 'command', argv: ['sh', '-c', 'echo hello; exec sleep 20'] },
    phases: [phase('before'), phase('during', { label: 'malicious', run: ['sleep', '20'] }), phase('after')],
    plugins: [plugin('kinds.mjs')],
    collectors: {
      host_proc: { interval: '60ms' },
      two_cards: { interval: '150ms' },
      heartbeat: {},
      uptime_file: { interval: '60ms' },
    },
  };
  writeFileSync(config, JSON.stringify(document));
  const { stderr } = await startCli(['episode', 'start', '--config', config, '--output', join(folder, 'out')]).outcome;
  if (!existsSync(join(folder, 'out'))) throw new Error(stderr);
  return onlyEpisode(join(folder, 'out'));
}

/** A copy with the same name, for a moment. */
export async function withCopy(original: string, place: string, use: (folder: string) => Promise<void>): Promise<void> {
  mkdirSync(place);
  const folder = join(place, basename(original));
  cpSync(original, folder, { recursive: true });
  await use(folder);
  rmSync(place, { recursive: true, force: true });
}

/** Each file below the folder by its path, as latin-1 text. */
export const contents = (folder: string): ReadonlyMap<string, string> =>
  new Map(filesBelow(folder).map((path) => [path, readFileSync(join(folder, path), 'latin1')]));
