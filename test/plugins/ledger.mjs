import { openSync, writeSync } from 'node:fs';

/** Collectors that note each row elsewhere before they give it: what was measured is known whatever became of the episode. */
const common = {
  apiVersion: 1,
  version: '1.0.0',
  rowVersion: 1,
  availableInDeployment: { value: false, rationale: 'A test.' },
  fields: { number: { type: 'integer', unit: '1', kind: 'gauge', description: 'How many there were before.' } },
  options: {
    type: 'object',
    additionalProperties: false,
    properties: { ledger: { type: 'string', default: '/dev/null', description: 'Where each row is noted.' } },
  },
};

/** Each line is "<number> <CLOCK_MONOTONIC in ns>", in one write: a killed process leaves no half of it. */
function opened(path) {
  const fd = openSync(path, 'a');
  let number = 0;
  return () => {
    writeSync(fd, `${number} ${process.hrtime.bigint()}\n`);
    return { number: number++ };
  };
}

const polled = {
  ...common,
  kind: 'polled',
  name: 'ledger_polled',
  summary: 'Notes each sample.',
  create({ ledger }) {
    let note;
    return {
      start() {
        note = opened(ledger);
      },
      sample: () => note(),
    };
  },
};

const stream = {
  ...common,
  kind: 'stream',
  name: 'ledger_stream',
  summary: 'Notes a row every 10 ms.',
  create({ ledger }, context) {
    let timer;
    return {
      async start() {
        let note;
        timer = setInterval(() => {
          note ??= opened(ledger);
          context.emit(note());
        }, 10);
      },
      stop: () => clearInterval(timer),
    };
  },
};

export default [polled, stream];
