import { API_VERSION, defineCollector, NO_OPTIONS } from 'cis490';
import { FIELDS } from './fields.js';
import { parseSoftirqs } from './parser.js';

export default defineCollector({
  kind: 'files',
  apiVersion: API_VERSION,
  name: 'softirqs',
  version: '0.1.0',
  rowVersion: 1,
  summary: 'Soft interrupts of the machine by their kind: network, storage, timers, scheduling.',
  availableInDeployment: { value: true, rationale: 'Every Linux device can read its own /proc/softirqs.' },
  fields: FIELDS,
  options: NO_OPTIONS,

  files: () => ({ softirqs: '/proc/softirqs' }),
  parse: ({ softirqs }) => parseSoftirqs(softirqs),
});
