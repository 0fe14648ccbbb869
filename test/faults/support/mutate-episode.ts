import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../../../src/core/files/files-below.js';
import { parseJson } from '../../../src/core/json/exact-json.js';
import { mutateJson } from './mutate-json.js';
import { mutateText } from './mutate-text.js';
import type { Random } from './random.js';

type Mutation = (folder: string, random: Random) => void;

const pickFile = (folder: string, random: Random, ending = ''): string =>
  join(
    folder,
    random.pick(
      filesBelow(folder)
        .filter((path) => path.endsWith(ending))
        .sort(),
    ),
  );

const bytes: Mutation = (folder, random) => {
  const path = pickFile(folder, random);
  writeFileSync(path, mutateText(readFileSync(path, 'latin1'), random));
};

/** Text that knows its form: rows moved, doubled, taken out, run together, and those of another file. */
const lines: Mutation = (folder, random) => {
  const path = pickFile(folder, random, '.jsonl');
  const rows = readFileSync(path, 'latin1').split('\n').slice(0, -1);
  const others = readFileSync(pickFile(folder, random, '.jsonl'), 'latin1')
    .split('\n')
    .slice(0, -1);
  const [at, to] = [random.below(rows.length), random.below(rows.length)];
  const changes: (() => void)[] = [
    () => void rows.splice(at, 1 + random.below(5)),
    () => void rows.splice(to, 0, rows[at]!),
    () => void rows.splice(at, 1, ...rows.splice(to, 1, rows[at]!)),
    () => void rows.splice(to, 0, ...rows.splice(at, 1)),
    () => void rows.splice(at, 0, ''),
    () => void rows.splice(at, 2, `${rows[at]}${rows[at + 1]}`),
    () => void rows.splice(at, 0, random.pick(others)),
    () => void rows.splice(at, 1, `${rows[at]}\r`),
    () => void rows.splice(at, 1, ` ${rows[at]}`),
    () => void rows.reverse(),
  ];
  random.pick(changes)();
  writeFileSync(path, `${rows.join('\n')}\n`, 'latin1');
};

const values: Mutation = (folder, random) => {
  const path = pickFile(folder, random, '.jsonl');
  const rows = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const at = random.below(rows.length);
  rows[at] = mutateJson(parseJson(rows[at]!) as object, random);
  writeFileSync(path, `${rows.join('\n')}\n`);
};

const truncate: Mutation = (folder, random) => {
  const path = pickFile(folder, random, '.jsonl');
  const content = readFileSync(path);
  writeFileSync(path, content.subarray(0, random.below(content.length)));
};

const documentNamed =
  (name: string): Mutation =>
  (folder, random) => {
    const path = join(folder, existsSync(join(folder, name)) ? name : 'meta.json');
    writeFileSync(path, mutateJson(parseJson(readFileSync(path, 'utf8')) as object, random));
  };

const wholeFile: Mutation = (folder, random) => {
  const [path, other] = [pickFile(folder, random), pickFile(folder, random)];
  const changes: (() => void)[] = [
    () => rmSync(path),
    () => rmSync(path),
    () => writeFileSync(path, ''),
    () => path !== other && copyFileSync(other, path),
    () => copyFileSync(path, `${path}.more`),
    () => renameSync(path, `${path}.tmp`),
    () => writeFileSync(join(folder, random.pick(['telemetry', 'artifacts', '.']), 'stray.jsonl'), '{}\n'),
    () => mkdirSync(join(folder, 'artifacts', 'more')),
    () => rmSync(join(folder, random.pick(['telemetry', 'artifacts'])), { recursive: true, force: true }),
    () => {
      rmSync(path);
      mkdirSync(path);
    },
  ];
  random.pick(changes)();
};

const MUTATIONS = [
  bytes,
  bytes,
  bytes,
  truncate,
  truncate,
  lines,
  lines,
  lines,
  values,
  values,
  wholeFile,
  documentNamed('meta.json'),
  documentNamed('meta.json'),
  documentNamed('done.marker'),
];

/** Does one thing to an episode's folder. */
export function mutateEpisode(folder: string, random: Random): void {
  if (readdirSync(folder).length > 0) random.pick(MUTATIONS)(folder, random);
}
