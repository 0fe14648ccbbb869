import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { LocalFrameReader } from '../../../src/core/collection/local-frame-reader.js';
import type { FileSpec, TargetView } from '../../../src/index.js';
import { temporaryFolder } from './temporary-folder.js';

/** A machine with these files under its /proc and /sys, and readers of them that are closed with the test. */
export function fakeMachine(files: Readonly<Record<string, string>>) {
  const root = temporaryFolder();
  const roots = { proc: join(root, 'proc'), sys: join(root, 'sys') };
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  const told: string[] = [];
  const reader = (specs: Readonly<Record<string, FileSpec>>, target: TargetView | null = null) => {
    const made = new LocalFrameReader({
      specs,
      roots,
      target,
      onUnreadable: (path, code) => told.push(`${path} ${code}`),
    });
    onTestFinished(() => made.close());
    return made;
  };
  return { root, write, told, reader };
}

export const textOf = (file: { bytes: Buffer; length: number } | undefined) =>
  file?.bytes.toString('latin1', 0, file.length);
export const stat = (start: number, state = 'S', threads = 1) =>
  `42 (a) ${state} ${'1 '.repeat(16)}${threads} 1 ${start} ${'0 '.repeat(30)}\n`;
export const target = (startTimeTicks: bigint | null): TargetView => ({ type: 'pid', pid: 42, startTimeTicks });
