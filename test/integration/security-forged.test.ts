import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { listText, showText } from '../../src/cli/render-episodes.js';
import { listEpisodes, readEpisode } from '../../src/core/episode/episode-store.js';
import { CisError } from '../../src/core/errors/cis-error.js';
import { SchemaRegistry } from '../../src/core/schemas/schema-registry.js';
import { cli, onlyEpisode, readJson } from '../support/cli.js';
import { copyOf, unfinish } from '../support/unfinished.js';

const schemas = new SchemaRegistry();
const FILES = ['meta.json', 'done.marker', 'labels.jsonl'];
let output: string;
let episode: string;

beforeAll(async () => {
  output = mkdtempSync(join(tmpdir(), 'cis490-forged-'));
  await cli('episode', 'start', '--duration', '1s', '--output', output, '--', 'sleep', '5');
  episode = onlyEpisode(output);
  cpSync(episode, join(output, '01ARZ3NDEKTSV4RRFFQ69G5FAV'), { recursive: true });
  return () => rmSync(output, { recursive: true, force: true });
});

type Path = readonly string[];

/** The paths of all values of a document. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const own = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...own.flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function withValue(document: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(document) ? [...document] : { ...(document as object) }) as Record<string, unknown>;
  copy[key] = withValue(copy[key], rest, value);
  return copy;
}

/** `String()` and `Number()` throw of it. */
const NEITHER_TEXT_NOR_NUMBER = { toString: null, valueOf: null };

test.each(FILES)(
  'whatever stands in %s, the episode is listed or shown, or refused in words, and hides no other',
  (file) => {
    const text = readFileSync(join(episode, file), 'utf8');
    const lines = file.endsWith('l') ? text.trimEnd().split('\n') : [text];
    const document = lines.map((line) => JSON.parse(line));
    const paths = pathsOf(document);
    onTestFinished(() => writeFileSync(join(episode, file), text));
    const take = (path: Path, value: unknown) => {
      const forged = withValue(document, path, value);
      const printed = Array.isArray(forged) ? forged.map((line) => JSON.stringify(line)).join('\n') : '';
      writeFileSync(join(episode, file), `${printed}\n`);
      const summaries = listEpisodes(output);
      expect(summaries.map(({ status }) => status)).toContain('complete');
      listText(output, summaries);
      try {
        showText(readEpisode(episode, schemas));
      } catch (error) {
        expect(error, path.join('.')).toBeInstanceOf(CisError);
      }
    };
    for (const path of paths) take(path, NEITHER_TEXT_NOR_NUMBER);
    const odd = fc.oneof(fc.constantFrom(null, undefined, [null], {}, 'x', -1, 1e308, '\x1b[31m\n'), fc.jsonValue());
    fc.assert(fc.property(fc.constantFrom(...paths), odd, take), { numRuns: 300 });
    expect(readdirSync(output)).toHaveLength(2);
  },
);

test('a row schema that would run for ever is not run, by validate or recover', async () => {
  const forged = copyOf(episode);
  const meta = readJson(join(forged, 'meta.json'));
  meta.collectors[0].row_schema = { type: 'object', propertyNames: { pattern: '^(([a-z_])+.)+[A-Z]([a-z])+$' } };
  writeFileSync(join(forged, 'meta.json'), JSON.stringify(meta));
  const { code, stdout } = await cli('episode', 'validate', forged);
  expect(code).toBe(3);
  expect(stdout).toMatch(/row schema of \S+ can not be used: it has the keyword "propertyNames"/);
  unfinish(forged);
  expect((await cli('episode', 'recover', forged)).code).not.toBeNull();
});
