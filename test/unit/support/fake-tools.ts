import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/cli.js';

interface FakeTool {
  readonly roots: { readonly proc: string; readonly sys: string };
}

/** A machine of these files (`proc/...`, `sys/...`, `bin/...`), whose programs are the only ones in PATH but for the shell's. */
export function fakeMachine(files: Readonly<Record<string, string>>): FakeTool {
  const root = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    if (path.startsWith('bin/')) chmodSync(join(root, path), 0o755);
  }
  const before = process.env.PATH;
  process.env.PATH = join(root, 'bin');
  onTestFinished(() => void Object.assign(process.env, { PATH: before }));
  return { roots: { proc: join(root, 'proc'), sys: join(root, 'sys') } };
}

export const ROOT = 'Uid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n';
export const UNPRIVILEGED = 'Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\n';
