import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { filesBelow } from '../../src/core/files/files-below.js';
import { temporaryFolder } from '../support/cli.js';
import { unfinish } from '../support/unfinished.js';
import { counts } from './support/in-parallel.js';
import { type Answer, eachOf, type Product, products } from './support/products.js';
import { tell } from './support/random.js';
import { smallEpisode } from './support/small-episode.js';

/** Of the whole process, node's own 60 among them. */
const MAX_MB = 400;
const HOLE_BYTES = 40 * 2 ** 30;
const LONG_BYTES = 100_000_000;
const DEEP = 1_000_000;

/** What is put in the place of something. `holder` is a folder that nobody looks into. */
type Plant = (path: string, holder: string) => void;

const PLANTS: Readonly<Record<string, Plant>> = {
  'a link to the real thing'(path, holder) {
    const real = join(holder, basename(path));
    if (existsSync(path)) renameSync(path, real);
    else writeFileSync(real, 'precious');
    symlinkSync(real, path);
  },
  'a link to /etc/passwd': (path) => replace(path, () => symlinkSync('/etc/passwd', path)),
  'a link to itself': (path) => replace(path, () => symlinkSync(basename(path), path)),
  'a link to its own folder': (path) => replace(path, () => symlinkSync('.', path)),
  'a FIFO': (path) => replace(path, () => void execFileSync('mkfifo', [path])),
  'a socket': (path) => replace(path, () => execFileSync('python3', ['-c', SOCKET, path])),
  'a hole of 40 GiB': (path) =>
    replace(path, () => {
      writeFileSync(path, '');
      truncateSync(path, HOLE_BYTES);
    }),
  'a line of 100 MB': (path) => replace(path, () => writeFileSync(path, Buffer.alloc(LONG_BYTES, 'x'))),
  'brackets, 1,000,000 deep': (path) => replace(path, () => writeFileSync(path, `${'['.repeat(DEEP)}\n`)),
  'objects, 1,000,000 deep': (path) =>
    replace(path, () => writeFileSync(path, `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}\n`)),
};
const SOCKET =
  'import socket,sys,os; os.chdir(os.path.dirname(sys.argv[1])); socket.socket(socket.AF_UNIX).bind(os.path.basename(sys.argv[1]))';

function replace(path: string, plant: () => void): void {
  rmSync(path, { recursive: true, force: true });
  plant();
}

const PLACES = [
  'telemetry/host_proc.jsonl',
  'events.jsonl',
  'labels.jsonl',
  'meta.json',
  'done.marker',
  '.former.marker',
  'telemetry',
  'artifacts',
];

const LABEL = ['--revises', '0', '--label', 'unknown', '--why', 'a test', '--by', 'nobody'];

interface Command {
  readonly argv: (folder: string) => readonly string[];
  readonly prepare: (folder: string) => void;
}

/** An episode that was killed while it was relabelled. */
function stepAside(folder: string): void {
  renameSync(join(folder, 'done.marker'), join(folder, '.former.marker'));
}

const thereOf = (folder: string): string => join(folder, '../../there');

const COMMANDS: Readonly<Record<string, Command>> = {
  validate: { argv: (folder) => ['episode', 'validate', folder], prepare() {} },
  'recover a recording': { argv: (folder) => ['episode', 'recover', folder], prepare: unfinish },
  'recover a relabelling': { argv: (folder) => ['episode', 'recover', folder], prepare: stepAside },
  label: { argv: (folder) => ['episode', 'label', folder, ...LABEL], prepare() {} },
  show: { argv: (folder) => ['episode', 'show', folder], prepare() {} },
  list: { argv: (folder) => ['episode', 'list', '--output', dirname(folder)], prepare() {} },
  ship: {
    argv: (folder) => ['ship', folder, '--to', thereOf(folder), '--output', join(folder, '../../notes')],
    prepare: (folder) => void mkdirSync(thereOf(folder)),
  },
};

let original: string;
beforeAll(async () => {
  original = await smallEpisode();
});

/** What is wrong with how it was taken; null if nothing is. */
function faultOf({ code, stdout, stderr, peakMb, end }: Answer): string | null {
  if (end !== null) return end;
  if (![0, 1, 3, 4].includes(code ?? -1)) return `exit ${code}`;
  if (peakMb > MAX_MB) return `took ${Math.round(peakMb)} MB`;
  const [odd] = /^ +at .*|Maximum call stack|defect of cis490|Invalid string length/m.exec(stdout + stderr) ?? [];
  return odd === undefined ? null : `says ${JSON.stringify(odd.slice(0, 200))}`;
}

interface Case {
  readonly command: string;
  readonly place: string;
  readonly plant: string;
}

/** What they look into. */
const READ_BY: Readonly<Record<string, readonly string[]>> = {
  show: ['meta.json', 'done.marker', 'labels.jsonl'],
  list: ['meta.json', 'done.marker', 'labels.jsonl'],
  label: ['meta.json', 'done.marker', 'labels.jsonl', '.former.marker', 'telemetry'],
};
const CASES: readonly Case[] = Object.keys(COMMANDS).flatMap((command) =>
  (READ_BY[command] ?? PLACES).flatMap((place) => Object.keys(PLANTS).map((plant) => ({ command, place, plant }))),
);

/** Whether what the link led to is still what it was. */
const snapshot = (holder: string): string =>
  filesBelow(holder)
    .sort()
    .map(
      (path) =>
        `${path} ${createHash('sha256')
          .update(readFileSync(join(holder, path)))
          .digest('hex')}`,
    )
    .join();

async function meet({ command, place, plant }: Case, product: Product, base: string): Promise<string> {
  const [holder, folder] = [join(base, 'holder'), join(base, 'out', basename(original))];
  mkdirSync(holder, { recursive: true });
  cpSync(original, folder, { recursive: true });
  const { argv, prepare } = COMMANDS[command]!;
  prepare(folder);
  PLANTS[plant]!(join(folder, place), holder);
  const before = snapshot(holder);
  const wasMarked = lstatSync(join(folder, 'done.marker'), { throwIfNoEntry: false }) !== undefined;
  const answer = await product.ask(argv(folder));
  const fault = faultOf(answer);
  if (fault !== null) return `FAULT: ${fault}`;
  if (snapshot(holder) !== before) return 'FAULT: what a link led to was changed';
  const isDone = answer.code === 0 || answer.code === 3;
  if (command === 'validate' && answer.code === 0) return 'FAULT: it is called valid';
  if (command === 'ship' && (answer.code === 0 || existsSync(join(thereOf(folder), basename(folder)))))
    return 'FAULT: it was shipped';
  if (!command.startsWith('recover')) return `exit ${answer.code}`;
  const isMarked = lstatSync(join(folder, 'done.marker'), { throwIfNoEntry: false }) !== undefined;
  if (!isDone) return isMarked && !wasMarked ? `FAULT: exit ${answer.code}, and a marker` : `exit ${answer.code}`;
  const check = await product.ask(['episode', 'validate', folder]);
  return check.code === 0 ? `exit ${answer.code}` : `FAULT: exit ${answer.code}, but ${check.stdout}`;
}

test('whatever is planted in the folder of an episode, each command says so in a sentence, in bounded time and memory', async () => {
  const [workers, base] = [products(), temporaryFolder()];
  const words: string[] = [];
  const faults: string[] = [];
  await eachOf([...CASES.entries()], workers.length, async ([i, each], worker) => {
    const word = await meet(each, workers[worker]!, join(base, String(i)));
    rmSync(join(base, String(i)), { recursive: true, force: true });
    words.push(`${each.command}: ${word.slice(0, 6)}`);
    if (word.startsWith('FAULT')) faults.push(`${each.command}, ${each.plant} as ${each.place}: ${word}`);
  });
  tell(`${CASES.length} things planted: ${counts(words)}`);
  expect(faults).toEqual([]);
});
