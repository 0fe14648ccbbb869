import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLoaders } from 'cosmiconfig';
import { expect, test } from 'vitest';
import { plugin, ROOT, startCli, temporaryFolder } from '../support/cli.js';
import { HOSTILE_CONFIGS } from './support/hostile-configs.js';
import { howMany } from './support/how-many.js';
import { mutateJson } from './support/mutate-json.js';
import { mutateText } from './support/mutate-text.js';
import { type Answer, eachOf, products } from './support/products.js';
import { Random, tell } from './support/random.js';

const MUTATED = howMany(1000);
const BY_THE_PROGRAM = 36;
const MAX_MB = 600;
const MAX_PRINTED = 2e6;

const EXAMPLE = readFileSync(join(ROOT, '.cis490rc.example'), 'utf8');
const TEXTS = [
  EXAMPLE,
  readFileSync(join(ROOT, 'examples/config-init.yaml'), 'utf8'),
  readFileSync(join(ROOT, 'examples/lab/miner.yaml'), 'utf8'),
];
const DOCUMENTS: readonly object[] = [
  ...TEXTS.map((text) => defaultLoaders['.yaml']('', text) as object),
  {
    profile: 'deployment',
    duration: '300ms',
    tags: ['a', 'b'],
    operator: 'me',
    seed: 4,
    sample: { sha256: '0'.repeat(64), family: 'xmrig' },
  },
  {
    target: { type: 'pid', pid: process.pid, vm: false },
    order: 'shuffled',
    phases: [
      {
        name: 'a',
        label: 'benign',
        duration: { min: '1s', max: '2s' },
        run: ['sleep', '1'],
        oneshot: true,
        technique: 'T1496',
      },
      { name: 'b', label: 'malicious', duration: '2s' },
    ],
    plugins: [plugin('kinds.mjs')],
    collectors: {
      two_cards: { interval: '10ms', optional: true, options: { cards: 3 } },
      mine: { use: 'system', vantage: 'local' },
      heartbeat: null,
    },
  },
  {
    target: { type: 'command', argv: ['sh', '-c', 'exit 0'], cwd: '/', env: { A: 'b' } },
    collectors: { mine: { use: 'exec', options: { argv: ['date'] } } },
  },
  {
    target: {
      type: 'qemu',
      image: 'lab',
      memory: '256MiB',
      cpus: 2,
      args: ['-s'],
      settle: { min: '1s', max: '2s' },
      network: 'isolated',
      disk: { path: 'x', format: 'raw' },
    },
  },
];

interface Case {
  readonly name: string;
  readonly argv: readonly string[];
}

/** What is wrong with how the program took it; null if nothing is. */
function faultOf({ code, stdout, stderr, peakMb, end }: Answer): string | null {
  if (end !== null) return end;
  if (![0, 2, 4].includes(code ?? -1)) return `exit ${code}`;
  if (peakMb > MAX_MB) return `took ${Math.round(peakMb)} MB`;
  if (stdout.length + stderr.length > MAX_PRINTED) return `printed ${stdout.length + stderr.length} bytes`;
  if ((code === 0) === stderr.startsWith('Error: ')) return `exit ${code}, but stderr begins "${stderr.slice(0, 20)}"`;
  const [odd] = /^ +at .*|Maximum call stack|defect of cis490|Invalid regular|^(?!Error: | {2}).+/m.exec(stderr) ?? [];
  if (odd !== undefined) return `says ${JSON.stringify(odd.slice(0, 200))}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
  return /[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(stdout + stderr) ? 'prints control characters' : null;
}

function cases(): Case[] {
  const folder = temporaryFolder();
  const write = (name: string, content: string | Buffer): string => {
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, content);
    return path;
  };
  const asked = (name: string, file: string, isDry: boolean): Case => ({
    name,
    argv: isDry ? ['episode', 'start', '--dry-run', '--config', file] : ['config', 'validate', '--config', file],
  });
  const hostile = Object.entries(HOSTILE_CONFIGS).flatMap(([name, content], i) => {
    const file = write(`hostile-${i}`, content);
    return [asked(name, file, false), asked(name, file, true)];
  });
  const mutated = Array.from({ length: MUTATED }, (_, i) => {
    const random = new Random(`config ${i}`);
    const content = i % 2 === 0 ? mutateText(random.pick(TEXTS), random) : mutateJson(random.pick(DOCUMENTS), random);
    return asked(`mutated ${i}: ${content.toString().slice(0, 300)}`, write(`mutated-${i}`, content), i % 4 < 2);
  });
  return [...hostile, ...mutated];
}

/** What went wrong, a line each; and how many ended with which code. */
class Outcomes {
  readonly faults: string[] = [];
  readonly codes: Record<string, number> = {};
  peakMb = 0;

  take({ name, argv }: Case, answer: Answer): void {
    this.codes[String(answer.code)] = (this.codes[String(answer.code)] ?? 0) + 1;
    this.peakMb = Math.max(this.peakMb, Math.round(answer.peakMb));
    const fault = faultOf(answer);
    if (fault !== null) this.faults.push(`${argv.slice(0, 2).join(' ')}, ${name}: ${fault}`);
  }

  get counts(): string {
    return Object.entries(this.codes)
      .map(([code, count]) => `${count} with exit ${code}`)
      .join(', ');
  }
}

test('a thousand mutated configurations are refused in sentences, in bounded time and memory', async () => {
  const workers = products();
  const outcomes = new Outcomes();
  const all = cases();
  await eachOf(all, workers.length, async (each, worker) => outcomes.take(each, await workers[worker]!.ask(each.argv)));
  tell(
    `${all.length} configurations, ${MUTATED} of them mutated at random: ${outcomes.counts}; at most ${outcomes.peakMb} MB`,
  );
  expect(outcomes.faults).toEqual([]);
});

test('the program itself takes them as its commands do', async () => {
  const random = new Random('by the program');
  const all = cases();
  const some = Array.from({ length: BY_THE_PROGRAM }, () => random.pick(all));
  const outcomes = new Outcomes();
  await eachOf(some, 2, async (each) => {
    const env = { NODE_OPTIONS: '--max-old-space-size=192' };
    const { code, signal, stdout, stderr } = await startCli(each.argv, { env }).outcome;
    outcomes.take(each, { code, stdout, stderr, peakMb: 0, end: signal });
  });
  tell(`${some.length} configurations by the program: ${outcomes.counts}`);
  expect(outcomes.faults).toEqual([]);
});
