import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PluginOptions } from '../core/collection/protocol.js';
import type { TargetView, VantageFacts } from '../core/contract/collector.js';
import { filesBelow } from '../core/files/files-below.js';

/** One machine whatever runs the tests: 4 KiB pages, 100 clock ticks a second. */
export const FIXTURE_FACTS: VantageFacts = { pageSizeBytes: 4096, clockTicksPerSecond: 100, cpus: 2 };

/** A captured machine, in the folder `fixtures/<name>` of a plugin. */
export interface FixtureCase {
  readonly name: string;
  readonly folder: string;
  /** Folders with a `proc` and a `sys` each: what a tick finds. */
  readonly frames: readonly string[];
  readonly options: PluginOptions;
  readonly target: TargetView | null;
  /** The rows that come of it, a line each. */
  readonly expected: string;
}

/** The cases in a folder; none if there is no such folder. */
export function fixtureCases(folder: string): FixtureCase[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readCase(name, join(folder, name)))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function readCase(name: string, folder: string): FixtureCase {
  const numbered = readdirSync(folder).filter((entry) => /^\d+$/.test(entry));
  const frames = numbered.sort((a, b) => Number(a) - Number(b)).map((frame) => join(folder, frame));
  const settings = existsSync(join(folder, 'case.json'))
    ? (JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as {
        options?: PluginOptions;
        target?: { pid: number };
      })
    : {};
  const first = frames[0] ?? folder;
  return {
    name,
    folder,
    frames: frames.length === 0 ? [folder] : frames,
    options: settings.options ?? {},
    target: targetOf(settings.target?.pid ?? onlyPid(join(first, 'proc'))),
    expected: join(folder, 'expected.jsonl'),
  };
}

function onlyPid(proc: string): number | null {
  const pids = existsSync(proc) ? readdirSync(proc).filter((name) => /^\d+$/.test(name)) : [];
  return pids.length === 1 ? Number(pids[0]) : null;
}

const targetOf = (pid: number | null): TargetView | null =>
  pid === null ? null : { type: 'pid', pid, startTimeTicks: null };

/** A folder in the place of a machine's root, whose files change from frame to frame under descriptors that stay open. */
export class FixtureMachine {
  readonly root = mkdtempSync(join(tmpdir(), 'cis490-fixture-'));
  readonly roots = { proc: join(this.root, 'proc'), sys: join(this.root, 'sys') };

  constructor() {
    for (const folder of Object.values(this.roots)) mkdirSync(folder);
  }

  /** Makes it what the frame is: files are overwritten in place, so that a kept descriptor sees the new content. */
  show(frame: string): void {
    const wanted = new Set(filesBelow(frame).filter((path) => /^(?:proc|sys)\//.test(path)));
    for (const path of filesBelow(this.root)) if (!wanted.has(path)) this.remove(path);
    for (const path of wanted) this.write(path, readFileSync(join(frame, path)));
  }

  write(path: string, content: Uint8Array): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { force: true, recursive: true });
    for (let folder = dirname(path); folder !== '.' && !(folder in this.roots); folder = dirname(folder)) {
      if (readdirSync(join(this.root, folder)).length > 0) return;
      rmSync(join(this.root, folder), { recursive: true });
    }
  }

  get files(): string[] {
    return filesBelow(this.root);
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
