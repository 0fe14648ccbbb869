/** Collectors that break the contract, one way each. */
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

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
  polled('throws_once', () => ({
    sample({ index }) {
      if (index === 3) throw new Error('no third sample');
      return { value: index };
    },
  })),
  polled('returns_nonsense', () => ({
    sample: ({ index }) => (index % 2 === 0 ? { value: index } : { value: 'many', more: 1 }),
  })),
  polled('spins', () => ({ sample: ({ index }) => (index === 3 ? forever() : { value: index }) })),
  polled('never_answers', () => ({ sample: () => new Promise(() => {}) }), { async: true }),
  polled('exits', () => ({ sample: ({ index }) => (index === 3 ? process.exit(7) : { value: index }) })),
  polled('gives_up', (_options, context) => ({
    sample: ({ index }) => (index === 3 ? context.fatal('the card is gone') : { value: index }),
  })),
  polled('blocks', ({ path }) => ({ sample: ({ index }) => (index === 3 ? readFileSync(path) : { value: index }) })),
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
