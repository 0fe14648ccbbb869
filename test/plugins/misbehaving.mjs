/** Collectors that break the contract, one way each. */
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';

const common = {
  apiVersion: 1,
  version: '1.0.0',
  rowVersion: 1,
  kind: 'polled',
  summary: 'Misbehaves.',
  availableInDeployment: { value: false, rationale: 'A test.' },
  fields: { value: { type: 'integer', unit: '1', kind: 'gauge', description: 'A number.' } },
  options: {
    type: 'object',
    additionalProperties: false,
    properties: { path: { type: 'string', default: '', description: 'A file to block on.' } },
  },
};

const polled = (name, sampler, rest = {}) => ({
  ...common,
  name,
  create: (options, context) => sampler(options, context),
  ...rest,
});
/** Three samples, and then something else. */
const thenDoes = (act) => {
  let calls = 0;
  return { sample: ({ index }) => (calls++ < 3 ? { value: index } : act()) };
};
const forever = () => {
  for (;;);
};

export default [
  polled('throws_in_create', () => {
    throw new Error('no create today');
  }),
  polled('throws_in_start', () => ({
    start() {
      throw new Error('no start today');
    },
    sample: () => null,
  })),
  polled('starts_slowly', () => ({
    start: () => new Promise((resolve) => setTimeout(resolve, 5_000)),
    sample: ({ index }) => ({ value: index }),
  })),
  polled('starts_when_told', ({ path }) => ({
    async start() {
      while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    sample: ({ index }) => ({ value: index }),
  })),
  polled('throws_late_in_start', () => ({
    async start() {
      await new Promise((resolve) => setTimeout(resolve, 300));
      throw new Error('no start today');
    },
    sample: () => null,
  })),
  polled('writes_in_start', (_options, context) => ({
    start() {
      context.artifact('note').write('x');
      const links = readdirSync('/proc/self/fd').map((fd) => `/proc/self/fd/${fd}`);
      const note = links.filter(existsSync).map((link) => readlinkSync(link));
      const folder = dirname(note.find((path) => path.endsWith('.note')));
      for (let i = 0; ; i = (i + 1) % 10_000) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(`${folder}/${i}`, '');
      }
    },
    sample: () => null,
  })),
  polled('unavailable', () => ({ sample: () => null }), {
    probe: () => ({ status: 'unavailable', reason: 'no such hardware', remedy: 'Buy the hardware.' }),
  }),
  polled('throws_in_sample', () => ({
    sample() {
      throw Object.assign(new Error('no sample today'), { code: 'ENOTTODAY' });
    },
  })),
  polled('throws_once', () => {
    let calls = 0;
    return {
      sample({ index }) {
        if (calls++ === 3) throw new Error('no third sample');
        return { value: index };
      },
    };
  }),
  polled('returns_nonsense', () => ({
    sample: ({ index }) => (index % 2 === 0 ? { value: index } : { value: 'many', more: 1 }),
  })),
  polled('spins', () => thenDoes(forever)),
  polled('never_answers', () => ({ sample: () => new Promise(() => {}) }), { async: true }),
  polled('exits', () => thenDoes(() => process.exit(7))),
  polled('gives_up', (_options, context) => thenDoes(() => context.fatal('the card is gone'))),
  polled('blocks', ({ path }) => thenDoes(() => readFileSync(path))),
  polled('throws_in_stop', () => ({
    sample: ({ index }) => ({ value: index }),
    stop() {
      throw new Error('no stop today');
    },
  })),
  polled('never_stops', () => ({ sample: ({ index }) => ({ value: index }), stop: () => new Promise(() => {}) })),
  polled('never_starts', () => ({ start: () => new Promise(() => {}), sample: () => null })),
  polled('never_probes', () => ({ sample: () => null }), { probe: () => new Promise(() => {}) }),
  polled('throws_in_probe', () => ({ sample: () => null }), {
    probe() {
      throw new Error('no probe today');
    },
  }),
  polled('leaks_a_worker', () => ({
    start() {
      new Worker('setInterval(() => {}, 1000)', { eval: true });
    },
    sample: ({ index }) => ({ value: index }),
  })),
  polled('leaks_timers', () => ({
    start() {
      for (let i = 0; i < 50; i++) setInterval(() => {}, 5);
    },
    sample: ({ index }) => ({ value: index }),
  })),
  polled('hoards', () => {
    const hoard = [];
    return thenDoes(() => {
      for (let value = 0.5; ; value++) hoard.push(new Array(500_000).fill(value));
    });
  }),
  polled(
    'strange_values',
    () => {
      const cycle = {};
      cycle.value = cycle;
      const own = (row) => ({ value: 0, ratio: 0.5, ...row });
      const rows = [
        own({ value: Number.NaN }),
        own({ value: 2 ** 53 }),
        own({ value: 1.5 }),
        own({ value: undefined }),
        own({ value: cycle }),
        own({ value: Symbol('value') }),
        own({ ratio: 1n }),
        own({ ratio: Number.POSITIVE_INFINITY }),
        own({ more: 1 }),
        { value: 1 },
        cycle,
        'row',
        Object.defineProperty(own({}), 'value', {
          get() {
            throw new Error('no value today');
          },
        }),
        own({ value: 2n ** 64n }),
      ];
      return { sample: ({ index }) => (rows.length > 0 ? rows.shift() : own({ value: index })) };
    },
    {
      fields: {
        ...common.fields,
        ratio: { type: 'number', unit: '1', kind: 'gauge', description: 'A ratio.' },
      },
    },
  ),
  polled('repeats_keys', () => ({ sample: () => [{ value: 1 }, { value: 2 }, { value: 1 }] }), {
    fields: { value: { ...common.fields.value, kind: 'info', key: true } },
  }),
  polled('has_no_key', () => ({ sample: ({ index }) => [{ value: index }, { value: -index }] })),
  polled('is_slow', () => ({
    sample({ index }) {
      const end = performance.now() + 120;
      while (performance.now() < end);
      return { value: index };
    },
  })),
  {
    ...common,
    name: 'floods',
    kind: 'stream',
    create(_options, context) {
      let isOver = false;
      const flood = () => {
        for (let value = 0; value < 200_000; value++) context.emit({ value });
        if (!isOver) setImmediate(flood);
      };
      return {
        start: async () => {
          setImmediate(flood);
        },
        stop: () => {
          isOver = true;
        },
      };
    },
  },
];
