/** Each is small to write and, taken at its word, without end: in depth, in number, or in what its aliases stand for. */
export const HOSTILE_CONFIGS: Readonly<Record<string, string | Buffer>> = {
  nothing: '',
  'NUL bytes alone': Buffer.alloc(1000),
  'a NUL behind all': 'duration: 5s\n\0',
  'brackets, 100,000 deep': '['.repeat(100_000),
  'brackets, 100,000 deep, closed': '['.repeat(100_000) + ']'.repeat(100_000),
  'braces, 100,000 deep': '{a:'.repeat(100_000),
  'dashes, 100,000 deep': '- '.repeat(100_000),
  'brackets below tags, 5,000 deep': `tags: ${'['.repeat(5000)}${']'.repeat(5000)}`,
  'brackets below options, 5,000 deep': `collectors: { system: { options: { x: ${'['.repeat(5000)}${']'.repeat(5000)} } } }`,
  'brackets below options, 500 deep': `collectors: { system: { options: { x: ${'['.repeat(500)}${']'.repeat(500)} } } }`,
  'an alias of itself': '&a [*a]',
  'an alias of itself below options': 'collectors: { system: { options: &a { x: *a } } }',
  'lists of aliases': bomb((i) => `[${`*a${i - 1},`.repeat(10)}]`, 'notes'),
  'lists of aliases as tags': bomb((i) => `[${`*a${i - 1},`.repeat(10)}]`, 'tags'),
  'lists of aliases as options': bomb(
    (i) => `[${`*a${i - 1},`.repeat(10)}]`,
    'collectors: { system: { options: { x: *a29 } } }\nnotes',
  ),
  'records of aliases': bomb(
    (i) =>
      `{${'bcdefghijk'
        .split('')
        .map((key) => `${key}: *a${i - 1}`)
        .join(', ')}}`,
    'target',
  ),
  'merged aliases': bomb((i) => `{<<: [${`*a${i - 1},`.repeat(10)}]}`, 'target', '{x: 1}'),
  'a string of 5 MB': `notes: ${'x'.repeat(5e6)}`,
  'an open quote before 1 MB': `notes: "${'x\n'.repeat(5e5)}`,
  'a number of 1 MB': `seed: ${'9'.repeat(1e6)}`,
  '50,000 keys that there are not': Array.from({ length: 50_000 }, (_, i) => `k${i}: 1\n`).join(''),
  '50,000 collectors': `collectors: {${Array.from({ length: 50_000 }, (_, i) => `c${i}: {}`).join(', ')}}`,
  '100 collectors that there are not': `collectors: {${Array.from({ length: 100 }, (_, i) => `c${i}: {}`).join(', ')}}`,
  '20,000 phases': `phases: [${'{ name: a, label: benign, duration: 1s },'.repeat(20_000)}]`,
  '20,000 broken phases': `phases: [${'{},'.repeat(20_000)}]`,
  '1,000 phases of one name': `phases: [${'{ name: a, label: benign, duration: 1s },'.repeat(1000)}]`,
  '20,000 tags alike': `tags: [${'[1],'.repeat(20_000)}]`,
  'keys that are no strings': '? [a, b]\n: 1\n~: 3\ntrue: 4\n1.5: 5\n',
  'one key 20,000 times': 'notes: x\n'.repeat(20_000),
  'a prototype': '__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }\n',
  'a prototype everywhere':
    'target: { type: command, argv: [sleep, "1"], env: { __proto__: x } }\ncollectors: { constructor: {}, system: { options: { __proto__: { a: 1 } } } }\n',
  'collectors of reserved names':
    'collectors: { constructor: {}, valueof: {}, x: { use: constructor }, y: { use: __proto__ }, z: { use: "cis490#constructor" } }',
  'tags of YAML': 'notes: !!js/function "function () { process.exit(9) }"\n',
  'a binary': 'notes: !!binary aGVsbG8=\ntags: !!set { a, b }\n',
  dates: 'notes: 2026-01-31\nduration: 2026-01-31T00:00:00Z\nseed: 9999-99-99\n',
  'several documents': 'duration: 5s\n---\nduration: 6s\n',
  'UTF-16': Buffer.from('\ufeffduration: 5s\n', 'utf16le'),
  'latin-1': Buffer.from('notes: \xe9\xe8\n', 'latin1'),
  'a list': '[1, 2, 3]',
  'a word': 'hello',
  'plugins that are devices': 'plugins: [/dev/null, /dev/zero, /proc/self/mem, ./, .., "", "a\\0b"]\n',
  'names with escapes': 'collectors: { "\\e[31mred": {} }\n"\\e]0;title\\a": 1\n',
  'arguments by the thousand': `target: { type: command, argv: [${'x,'.repeat(10_000)}] }`,
  'a pid of 1e30': 'target: { type: pid, pid: 1e30 }',
  'durations that overflow':
    'phases: [{ name: a, label: benign, duration: 99999999999999999999h }, { name: b, label: benign, duration: { min: 2499h, max: 2499h } }]',
};

/** Thirty levels of ten aliases each: 10^30 values in a thousand bytes. */
function bomb(level: (i: number) => string, last: string, first = '[x]'): string {
  const levels = Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} ${i === 0 ? first : level(i)}\n`);
  return `${levels.join('')}${last}: *a29\n`;
}
