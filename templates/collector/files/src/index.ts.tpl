import { API_VERSION, defineCollector, NO_OPTIONS } from 'cis490';
import { FIELDS } from './fields.js';
import { parseLoadavg } from './parser.js';

export default defineCollector({
  kind: 'files',
  apiVersion: API_VERSION,
  name: '{{name}}',
  version: '0.1.0',
  rowVersion: 1,
  summary: '{{summary}}',
  availableInDeployment: { value: true, rationale: 'Every Linux device can read its own /proc/loadavg.' },
  fields: FIELDS,
  options: NO_OPTIONS,

  files: () => ({ loadavg: '/proc/loadavg' }),
  parse: ({ loadavg }) => parseLoadavg(loadavg),
});
