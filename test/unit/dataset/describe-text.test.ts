import { spawnSync } from 'node:child_process';
import { defaultLoaders } from 'cosmiconfig';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnShape } from '../../../src/core/dataset/describe/column-shape.js';
import { code, markdownTable, plainText } from '../../../src/core/dataset/describe/markdown.js';
import { shellWords } from '../../../src/core/dataset/describe/shell-words.js';
import { yaml } from '../../../src/core/dataset/describe/yaml.js';

const anyText = fc.string({ unit: 'binary', maxLength: 40 });

test('any text comes back from YAML as it went in', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      const text = yaml({ a, list: [{ b, nested: [a, true, 3] }, []], empty: {} });
      expect(text).toMatch(/^[\x20-\x7e\n]*$/);
      const read = defaultLoaders['.yaml']('x.yaml', text);
      expect(read).toEqual({ a, list: [{ b, nested: [a, true, 3] }, []], empty: {} });
    }),
  );
});

test('half a pair of surrogates is shown as what it is: no character', () => {
  expect(yaml({ a: 'x\ud800' })).toBe('a: "x\\uFFFD"\n');
});

test('a command comes back from a shell as it went in', () => {
  const words = ['cis490', 'a b', "it's", '$HOME `id` "x"', '', '-n', "tab\t'quote'\\", 'ünïcode'];
  const script = `set -- ${shellWords(words)}; printf '%s\\0' "$@"`;
  const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env: { LC_ALL: 'C.UTF-8' } });
  expect(stdout.split('\0').slice(0, -1)).toEqual(words);
});

test('what a line can not show is spelled out in a command', () => {
  expect(shellWords(['a\u202eb', 'x\ny'])).toBe("$'a\\u202eb' $'x\\x0ay'");
});

test('text in Markdown does nothing, and stays in its line', () => {
  expect(plainText('*a* <b> [c](d) `e`\nf|g $h$')).toBe('\\*a\\* \\<b\\> \\[c\\](d) \\`e\\` f\\|g \\$h\\$');
  expect(code('a`b')).toBe('``a`b``');
  expect(code('`a`')).toBe('`` `a` ``');
  expect(markdownTable(['a', 'b'], [[code('x|y'), 1]])).toBe('| a | b |\n| --- | --: |\n| `x\\|y` | 1 |');
});

test.each([
  ['BIGINT', 'integer', false],
  ['UBIGINT', 'integer', false],
  ['HUGEINT', 'integer', false],
  ['DECIMAL(20,0)', 'integer', false],
  ['DECIMAL(18,3)', 'number', false],
  ['DOUBLE', 'number', false],
  ['BOOLEAN', 'boolean', false],
  ['VARCHAR', 'string', false],
  ['VARCHAR[]', 'string', true],
  ['BIGINT[]', 'integer', true],
])('a column of type %s holds what is called %s', (type, kind, isList) => {
  expect(columnShape(type)).toEqual({ kind, isList, members: [] });
});

test('a list of structs is read with the names that DuckDB has to quote', () => {
  expect(columnShape('STRUCT("na""me, x" VARCHAR, cpu BIGINT, load DECIMAL(18,3), up BOOLEAN)[]')).toEqual({
    kind: 'record',
    isList: true,
    members: [
      { name: 'na"me, x', kind: 'string' },
      { name: 'cpu', kind: 'integer' },
      { name: 'load', kind: 'number' },
      { name: 'up', kind: 'boolean' },
    ],
  });
});
