import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRows, temporaryFolder } from '../support/cli.js';
import { editJson, unfinish } from '../support/unfinished.js';
import { contents, recordSmall, withCopy } from './support/episode-files.js';
import { howMany } from './support/how-many.js';
import { counts } from './support/in-parallel.js';
import { mutateEpisode } from './support/mutate-episode.js';
import { type Answer, eachOf, type Product, products } from './support/products.js';
import { Random, tell } from './support/random.js';

const MUTATED = howMany(1_000);
/** Of the whole process, node's own 60 among them. */
const MAX_MB = 300;
const MAX_PRINTED = 1 << 20;

let [folder, original] = ['', ''];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cis490-mutated-'));
  original = await recordSmall(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is wrong with how the program took it; null if nothing is. */
function faultOf({ code, stdout, stderr, peakMb, end }: Answer, codes: readonly number[]): string | null {
  if (end !== null) return end;
  if (!codes.includes(code ?? -1)) return `exit ${code}: ${stderr.slice(0, 300)}`;
  if (peakMb > MAX_MB) return `took ${Math.round(peakMb)} MB`;
  if (stdout.length + stderr.length > MAX_PRINTED) return `printed ${stdout.length + stderr.length} bytes`;
  const [odd] = /^ +at .*|Maximum call stack|defect of cis490/m.exec(stdout + stderr) ?? [];
  return odd === undefined ? null : `says ${JSON.stringify(odd.slice(0, 200))}`;
}

const isTelemetry = (path: string): boolean => path.startsWith('telemetry/');
const linesOf = (text: string | undefined): string[] => (text ?? '').split('\n').slice(0, -1);

const hasMarker = (copy: string): boolean => existsSync(join(copy, 'done.marker'));

/** A finished episode that was changed is never called valid, and a recovery leaves it alone, or makes it valid. */
async function validated(product: Product, copy: string, random: Random): Promise<string> {
  const before = contents(copy);
  mutateEpisode(copy, random);
  const after = contents(copy);
  const answer = await product.ask(['episode', 'validate', '--json', copy]);
  const fault = faultOf(answer, [0, 3, 4]);
  if (fault !== null) return `FAULT: ${fault}`;
  const isSame =
    after.size === before.size &&
    [...before].every(([path, text]) => path === 'done.marker' || after.get(path) === text);
  if (answer.code === 0 && !isSame) return 'FAULT: a changed episode is called valid';
  const wasMarked = hasMarker(copy);
  const recovery = await product.ask(['episode', 'recover', copy]);
  const unsound = faultOf(recovery, wasMarked ? [4] : [0, 1, 3, 4]) ?? (await markerFault(product, copy, recovery));
  if (unsound !== null) return `FAULT: recovered, ${unsound}`;
  return answer.code === 0 ? 'unchanged' : 'found out';
}

/** An unfinished one is refused in a sentence, or made valid; and what was whole is still there. */
async function recovered(product: Product, copy: string, random: Random): Promise<string> {
  unfinish(copy);
  const before = contents(copy);
  mutateEpisode(copy, random);
  const harmed = contents(copy);
  const unfinished = await product.ask(['episode', 'validate', '--json', copy]);
  const answer = await product.ask(['episode', 'recover', '--json', copy]);
  const fault =
    faultOf(unfinished, [3, 4]) ?? faultOf(answer, [0, 1, 3, 4]) ?? (await markerFault(product, copy, answer));
  if (fault !== null) return `FAULT: ${fault}`;
  if (answer.code === 1 || answer.code === 4) return 'refused';
  const again = await product.ask(['episode', 'recover', copy]);
  if (again.code !== 4) return `FAULT: a second recovery says ${again.code}`;
  return lostRow(before, harmed, contents(copy), answer.code === 0) ?? `recovered, exit ${answer.code}`;
}

/** An interrupted relabelling is completed as it was meant, or refused. */
async function relabelled(product: Product, copy: string, random: Random): Promise<string> {
  interruptRelabelling(copy);
  mutateEpisode(copy, random);
  const answer = await product.ask(['episode', 'recover', '--json', copy]);
  const fault = faultOf(answer, [0, 1, 3, 4]) ?? (await markerFault(product, copy, answer));
  if (fault !== null) return `FAULT: ${fault}`;
  return answer.code === 0 ? 'completed' : `exit ${answer.code}`;
}

/** Who is told that it is done has a marker that holds; who is told that it is not has none, unless there was one. */
async function markerFault(product: Product, copy: string, { code }: Answer): Promise<string | null> {
  if (code === 4) return null;
  if (code === 1) return hasMarker(copy) ? 'exit 1, and there is a marker' : null;
  const check = await product.ask(['episode', 'validate', '--json', copy]);
  return check.code === 0 ? null : `exit ${code}, but ${check.stdout.slice(0, 600)}`;
}

/** As a kill may leave it: the marker aside says what is to be appended, and half of that is. */
function interruptRelabelling(copy: string): void {
  const [marker, labels] = [join(copy, 'done.marker'), join(copy, 'labels.jsonl')];
  const first = readRows(labels)[0];
  const times = /"t_mono_ns":-?\d+,"t_wall_ns":\d+/.exec(readFileSync(labels, 'latin1'))![0];
  const row = `{"seq":${readRows(labels).length},${times},"phase":"${first.phase}","label":"unknown","source":"manual","uncertainty_ns":0,"confirmed":null,"revises":0,"by":"me","why":"x"}\n`;
  const sha256 = createHash('sha256').update(readFileSync(marker)).digest('hex');
  const former = { at_realtime_ns: 1_800_000_000_000_000_000n, by: 'me', why: 'x', marker_sha256: sha256 };
  editJson(marker, (document) => (document.relabelling = { append: row, former }));
  renameSync(marker, join(copy, '.former.marker'));
  appendFileSync(labels, row.slice(0, 40));
}

/** A row that ought to be there; null if none is missing. */
function lostRow(
  before: ReadonlyMap<string, string>,
  harmed: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  isLossless: boolean,
): string | null {
  const isSameMeta = before.get('meta.json') === harmed.get('meta.json');
  for (const [path, text] of [...harmed].filter(([each]) => isTelemetry(each))) {
    const [own, was, is] = [linesOf(text), linesOf(before.get(path)), new Set(linesOf(after.get(path)))];
    const lost = ownRows(own, was, isLossless).filter((line) => !is.has(line));
    // with another meta.json other rows are right, but never none; and where rows share a tick, one that is damaged may pass for its neighbour
    const isKeyed = path.includes('two_cards');
    const accepted = isSameMeta ? (isKeyed ? harmedLines(own, was).length : 0) : own.length / 2;
    if (lost.length > accepted) return `FAULT: ${path} has lost ${lost.length} rows, ${lost[0]!.slice(0, 200)}`;
  }
  return null;
}

const harmedLines = (own: readonly string[], was: readonly string[]) => own.filter((line, i) => line !== was[i]);

/** Those that have to be kept: all that are whole where lines were changed in their places, else those in front of the first that was moved. */
function ownRows(own: readonly string[], was: readonly string[], isLossless: boolean): readonly string[] {
  if (isLossless) return own;
  const [harmed, known] = [harmedLines(own, was), new Set(was)];
  // of rows that changed places with one another nobody can say which is in its own
  const isInPlace = own.length === was.length && harmed.length <= 3 && !harmed.some((line) => known.has(line));
  const firstHarm = own.findIndex((line, i) => line !== was[i]);
  return isInPlace ? own.filter((line, i) => line === was[i]) : own.slice(0, firstHarm < 0 ? own.length : firstHarm);
}

const TAKES = [validated, recovered, recovered, validated, recovered, recovered, relabelled];

test(`${MUTATED} mutated episodes: what was changed is never called valid, what can be recovered is, and no row of it is lost`, async () => {
  const [workers, places] = [products(), temporaryFolder()];
  const words: string[] = [];
  const faults: string[] = [];
  const all = Array.from({ length: MUTATED }, (_, i) => i);
  await eachOf(all, workers.length, (i, worker) =>
    withCopy(original, join(places, String(i)), async (copy) => {
      const random = new Random(`episode ${i}`);
      const take = TAKES[i % TAKES.length]!;
      const word = await take(workers[worker]!, copy, random);
      words.push(`${take.name}: ${word.slice(0, 24)}`);
      if (word.startsWith('FAULT')) faults.push(`episode ${i}: ${word}`);
    }),
  );
  tell(`${MUTATED} mutated episodes: ${counts(words)}`);
  expect(faults).toEqual([]);
});

test('the episode that is mutated is itself whole', async () => {
  const [product] = products();
  expect((await product!.ask(['episode', 'validate', original])).code).toBe(0);
  expect(readFileSync(join(original, 'done.marker'), 'utf8')).toContain('"grade"');
});
