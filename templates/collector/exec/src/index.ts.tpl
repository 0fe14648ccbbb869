import { fileURLToPath } from 'node:url';
import { API_VERSION, defineCollector, NO_OPTIONS } from 'cis490';
import { JsonLines } from 'cis490/program';
import { FIELDS } from './fields.js';

const program = fileURLToPath(new URL('../program/{{name}}.py', import.meta.url));

/** The rows come from a program in Python, one JSON object a line. */
export default defineCollector({
  kind: 'stream',
  apiVersion: API_VERSION,
  name: '{{name}}',
  version: '0.1.0',
  rowVersion: 1,
  summary: '{{summary}}',
  requires: { binaries: ['python3'] },
  availableInDeployment: { value: true, rationale: 'Every Linux device can read its own /proc/net/tcp.' },
  fields: FIELDS,
  options: NO_OPTIONS,

  create: (_options, context) =>
    new JsonLines({ argv: ['python3', program], restart: 'on_failure', fields: FIELDS }, context),
});
