/** Collectors that keep to the contract and leak, one thing each, at every tick. */
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';

const leaking = (name, leak) => ({
  apiVersion: 1,
  name: `leaks_${name}`,
  version: '1.0.0',
  rowVersion: 1,
  kind: 'polled',
  summary: 'Leaks.',
  availableInDeployment: { value: false, rationale: 'A test.' },
  fields: { value: { type: 'integer', unit: '1', kind: 'gauge', description: 'A number.' } },
  options: { type: 'object', additionalProperties: false, properties: {} },
  create: () => ({
    sample({ index }) {
      leak(index);
      return { value: index };
    },
  }),
});

const kept = [];

export default [
  leaking('memory', () => kept.push(Buffer.alloc(50_000, 1))),
  leaking('descriptors', (index) => {
    if (index % 10 === 0) openSync('/dev/null');
  }),
  leaking('programs', (index) => {
    if (index % 50 === 0) spawn('sleep', ['600'], { stdio: 'ignore' }).unref();
  }),
];
