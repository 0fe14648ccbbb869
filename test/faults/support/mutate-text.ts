import type { Random } from './random.js';

/** What a hostile or broken editor leaves in a file. */
const JUNK: readonly Buffer[] = [
  ...[
    '\0',
    '\0\0\0\0',
    '\t',
    '\r',
    '\u001b[31m',
    '\ufeff',
    '\u2028',
    '\u202e',
    '😀',
    '\u0007',
    '"',
    "'",
    '{',
    '[',
    ']',
    '}',
    ': ',
    '- ',
  ],
  ...[
    '&a ',
    '*a',
    '<<: *a\n',
    '!!js/function "x"',
    '!!binary ',
    '!!set ',
    '!!timestamp ',
    '---\n',
    '...\n',
    '%YAML 9.9\n',
    '? ',
    '|\n',
    '# ',
  ],
  ...[
    '__proto__: { polluted: true }\n',
    'constructor: 1\n',
    '\ntarget: 1\n',
    '\n\n',
    '1e999',
    '-0',
    '0x7fffffffffffffff',
    '.nan',
    '~',
  ],
].map((text) => Buffer.from(text));
const BROKEN_UTF8 = [
  Buffer.from([0xff]),
  Buffer.from([0xc0, 0x80]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xf8, 0x88]),
];

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const flipBits: Mutation = (bytes, random) => {
  const copy = Buffer.from(bytes);
  for (let i = random.below(8); i >= 0; i--) copy[random.below(copy.length)]! ^= 1 << random.below(8);
  return copy;
};

const truncate: Mutation = (bytes, random) => bytes.subarray(0, random.below(bytes.length));

const insertJunk: Mutation = (bytes, random) => {
  const at = random.below(bytes.length + 1);
  const junk = random.pick(random.below(5) === 0 ? BROKEN_UTF8 : JUNK);
  return Buffer.concat([bytes.subarray(0, at), junk, bytes.subarray(at)]);
};

const removeStretch: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(40))]);
};

const repeatStretch: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at + 1 + random.below(60)), bytes.subarray(at)]);
};

const shuffleLines: Mutation = (bytes, random) => {
  const lines = bytes.toString('latin1').split('\n');
  const [from, to] = [random.below(lines.length), random.below(lines.length)];
  const changes = [
    () => lines.splice(from, 1),
    () => lines.splice(to, 0, lines[from]!),
    () => ([lines[from], lines[to]] = [lines[to]!, lines[from]!]),
    () => (lines[from] = `  ${lines[from]}`),
    () => (lines[from] = lines[from]!.trimStart()),
  ];
  random.pick(changes)();
  return Buffer.from(lines.join('\n'), 'latin1');
};

const MUTATIONS = [
  flipBits,
  flipBits,
  truncate,
  insertJunk,
  insertJunk,
  removeStretch,
  repeatStretch,
  shuffleLines,
  shuffleLines,
];

/** The text with one to three things done to it that know nothing of its form. */
export function mutateText(text: string, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(text);
  for (let i = random.below(3); i >= 0; i--) bytes = bytes.length === 0 ? bytes : random.pick(MUTATIONS)(bytes, random);
  return bytes;
}
