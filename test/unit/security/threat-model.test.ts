import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const DOCUMENT = 'docs/threat-model.md';
/** Sections of what nothing stands behind, and which say so. */
const LIMITS = /^### What (?:nobody is kept from|this does not prove)/;
const LINK = /\]\((\.\.\/test\/[\w./-]+\.test\.ts)\)/g;

const linksIn = (text: string) => [...text.matchAll(LINK)].map(([, path]) => join('docs', path!));

interface Claim {
  readonly section: string;
  readonly text: string;
}

/** Bullets, rows of tables that have a column of tests, and paragraphs in bold. */
function claims(): Claim[] {
  const blocks = readFileSync(DOCUMENT, 'utf8').split(/\n(?=#{2,3} |- |\| |\n)/);
  let [section, hasTests] = ['', false];
  return blocks.flatMap((block): Claim[] => {
    const text = block.trim();
    if (text.startsWith('#')) section = text.split('\n', 1)[0]!;
    if (text.startsWith('| ') && !text.includes('---') && /^\| (?:who|collector|target|`network`)/.test(text)) {
      hasTests = text.includes('| tests |');
      return [];
    }
    const isRow = text.startsWith('| ') && !text.startsWith('| -') && hasTests;
    return text.startsWith('- ') || text.startsWith('**') || isRow ? [{ section, text }] : [];
  });
}

const tested = claims().filter(({ section }) => !LIMITS.test(section));

describe('behind each sentence of the threat model stands a test that there is:', () => {
  test.each(tested.map(({ section, text }) => [section.replace(/^#+ /, ''), text.slice(0, 70), text]))(
    '%s: %s',
    (_section, _start, text) => {
      const links = linksIn(text);
      expect(links.length).toBeGreaterThan(0);
      for (const path of links) expect(existsSync(path), path).toBe(true);
    },
  );
});

test('none of its parts is overlooked', () => {
  const sections = new Set(tested.map(({ section }) => section));
  for (const name of ['Oracle', 'Who is trusted', 'What follows', 'virtual machine', 'Least privilege'])
    expect([...sections].some((section) => section.includes(name))).toBe(true);
  expect(tested.length).toBeGreaterThan(35);
});

test('every test of security is named in it', () => {
  const named = new Set(linksIn(readFileSync(DOCUMENT, 'utf8')));
  const unit = readdirSync('test/unit/security').map((name) => `test/unit/security/${name}`);
  const integration = readdirSync('test/integration')
    .filter((name) => name.startsWith('security-'))
    .map((name) => `test/integration/${name}`);
  const own = 'test/unit/security/threat-model.test.ts';
  expect([...unit, ...integration].filter((path) => path !== own && !named.has(path))).toEqual([]);
});
