import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { onlyEpisode, ROOT, readJson, readRows, temporaryFolder, watch } from '../support/cli.js';
import { howMany } from './support/how-many.js';
import { eachOf, products } from './support/products.js';
import { Random, tell } from './support/random.js';
import { rootTest } from './support/root-test.js';

const REUSES = howMany(50);
const AT_ONCE = 3;
const SCRIPT = fileURLToPath(new URL('./support/pid-reuse.sh', import.meta.url));
/** The stranger has 64 MiB. The target is a "sleep", or the shell that it was before. */
const MAX_RSS_BYTES = 16 * 2 ** 20;
const SOURCES = ['host_proc', 'host_threads', 'host_tree', 'host_net'];

interface Reuse {
  readonly kind: 'pid' | 'command';
  /** The file that the target's end waits for: meta.json is there before the origin. */
  readonly awaited: 'meta.json' | 'telemetry/host_proc.jsonl';
  readonly delayS: number;
}

interface Reused {
  readonly output: string;
  readonly exitCode: number;
  readonly pids: readonly [target: number, stranger: number];
  /** When the stranger had the pid, since the Unix epoch. */
  readonly fromNs: bigint;
  readonly isStrangerAlive: boolean;
}

function plans(): Reuse[] {
  const random = new Random('pid reuse');
  return Array.from({ length: REUSES }, (_, i) => ({
    kind: i % 5 === 4 ? 'command' : 'pid',
    awaited: i % 3 === 2 ? 'meta.json' : 'telemetry/host_proc.jsonl',
    delayS: random.number() * 0.4,
  }));
}

async function reuse({ kind, awaited, delayS }: Reuse, output: string): Promise<Reused> {
  mkdirSync(output);
  const script = ['sh', SCRIPT, ROOT, output, kind, awaited, delayS.toFixed(3)];
  const child = spawn('unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', ...script]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const { stdout, stderr } = await watch(child).outcome;
  const [target, stranger, fromNs, code, alive] = stdout.trim().split('\n').at(-1)!.split(' ');
  if (alive === undefined) throw new Error(`the case went wrong: ${stdout}${stderr}`);
  return {
    output,
    exitCode: Number(code),
    pids: [Number(target), Number(stranger)],
    fromNs: BigInt(fromNs!),
    isStrangerAlive: alive === 'alive',
  };
}

/** Rows that can't be the target's. */
function rowsOfStranger(folder: string, fromNs: bigint): string[] {
  return SOURCES.flatMap((source) => {
    const path = join(folder, 'telemetry', `${source}.jsonl`);
    return (existsSync(path) ? readRows(path) : []).flatMap((row) => {
      const after = Number((BigInt(row.t_wall_ns) - fromNs) / 1000n);
      const text = JSON.stringify(row);
      // JSON.parse rounds the wall time by up to 128 ns
      if (after > 1) return [`${source}: a row ${after} us after the stranger had the pid: ${text}`];
      const isStranger = row.rss_bytes > MAX_RSS_BYTES || /"(?:comm|name)":"(?:dd|unshare)"/.test(text);
      return isStranger ? [`${source}: a row of the stranger: ${text}`] : [];
    });
  });
}

rootTest(
  'a pid that goes to another process at once: nothing of the stranger is recorded, nothing is done to it',
  async () => {
    const folder = temporaryFolder();
    const all = products();
    const faults: string[] = [];
    const counts = { reused: 0, recorded: 0, 'never began': 0, rows: 0 };
    await eachOf([...plans().entries()], AT_ONCE, async ([i, plan], worker) => {
      const { output, exitCode, pids, fromNs, isStrangerAlive } = await reuse(plan, join(folder, String(i)));
      const tellFault = (fault: string) => faults.push(`${JSON.stringify(plan)}: ${fault}`);
      if (pids[0] === pids[1]) counts.reused++;
      if (!isStrangerAlive) tellFault('the stranger is gone');
      if (exitCode === 4 && readdirSync(output).length === 0) {
        counts['never began']++;
        return;
      }
      counts.recorded++;
      const episode = onlyEpisode(output);
      const { end_reason } = readJson(join(episode, 'done.marker'));
      if (end_reason !== 'target_exited') tellFault(`end_reason is ${end_reason}`);
      for (const row of rowsOfStranger(episode, fromNs)) tellFault(row);
      counts.rows += readRows(join(episode, 'telemetry/host_proc.jsonl')).length;
      const { stdout } = await all[worker % all.length]!.ask(['episode', 'validate', episode]);
      if (!stdout.includes(': valid')) tellFault(stdout);
    });
    tell(`pid reuse: ${JSON.stringify(counts)}`);
    expect(faults).toEqual([]);
    expect(counts.reused).toBe(REUSES);
    expect(counts.recorded).toBeGreaterThan(REUSES / 2);
  },
  900_000,
);
