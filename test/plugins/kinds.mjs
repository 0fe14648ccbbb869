import { setTimeout as delay } from 'node:timers/promises';

/** One collector of each kind, as a third party would write them: plain values, nothing of ours imported. */
const common = {
  apiVersion: 1,
  version: '1.0.0',
  rowVersion: 1,
  options: { type: 'object', additionalProperties: false, properties: {} },
};
const lab = { value: false, rationale: 'A test.' };
const count = { type: 'integer', unit: '1', kind: 'gauge', description: 'A number.' };

const files = {
  ...common,
  kind: 'files',
  name: 'uptime_file',
  summary: 'Reads /proc/uptime.',
  availableInDeployment: { value: true, rationale: 'Every device has it.' },
  fields: { centiseconds: count },
  files: (_options, target) => {
    if (target !== null) throw new Error('a deployable collector was told the target');
    return { uptime: '/proc/uptime' };
  },
  parse: ({ uptime }) => ({
    centiseconds: Math.round(100 * Number(uptime.bytes.toString('latin1', 0, uptime.length).split(' ')[0])),
  }),
};

const polled = {
  ...common,
  kind: 'polled',
  name: 'two_cards',
  summary: 'Two rows a tick, told apart by a key.',
  availableInDeployment: lab,
  fields: {
    card: { ...count, kind: 'info', key: true },
    huge: { type: 'integer', unit: 'By', kind: 'counter', reset: 'boot', description: '64 bits.' },
  },
  options: {
    type: 'object',
    additionalProperties: false,
    properties: { cards: { type: 'integer', minimum: 1, default: 2, description: 'How many cards.' } },
  },
  create: ({ cards }, context) => ({
    start() {
      context.log.info('started');
      context.artifact('notes.txt').write('a note\n');
    },
    sample: () => Array.from({ length: cards }, (_, card) => ({ card, huge: 18446744073709551615n })),
  }),
};

const polledAsync = {
  ...common,
  kind: 'polled',
  async: true,
  name: 'async_poll',
  summary: 'Answers after a turn of the event loop.',
  availableInDeployment: lab,
  fields: { tick_seen: count },
  create: () => ({
    sample: (tick) =>
      new Promise((resolve) => setImmediate(() => resolve(tick.index % 5 === 4 ? null : { tick_seen: tick.index }))),
  }),
};

const abortable = {
  ...polledAsync,
  name: 'abortable_poll',
  summary: 'Gives up its sample when the episode is over.',
  create: (_options, { signal }) => ({ sample: ({ index }) => delay(60, { tick_seen: index }, { signal }) }),
};

const stream = {
  ...common,
  kind: 'stream',
  name: 'heartbeat',
  summary: 'A row every 20 ms.',
  availableInDeployment: lab,
  fields: { text: { type: 'string', kind: 'state', description: 'Any text.' } },
  create(_options, context) {
    let timer;
    return {
      async start() {
        timer = setInterval(
          () => context.emit({ text: '\u001b[31mred\nline\u2028' }, { at: context.now(), clock: 'monotonic' }),
          20,
        );
      },
      stop: () => clearInterval(timer),
    };
  },
};

const sparse = {
  ...common,
  kind: 'stream',
  name: 'quiet_stream',
  sparse: true,
  summary: 'Is well, and has nothing to say.',
  availableInDeployment: lab,
  fields: { value: count },
  create: (_options, context) => ({ start: async () => context.alive() }),
};

export default [files, polled, polledAsync, abortable, stream, sparse];
