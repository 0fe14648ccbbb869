import { accessSync, constants } from 'node:fs';
import { API_VERSION, defineCollector, NO_OPTIONS } from 'cis490';
import { FIELDS } from './fields.js';
import { FileHandleSampler, pathOf } from './sampler.js';

export default defineCollector({
  kind: 'polled',
  apiVersion: API_VERSION,
  name: '{{name}}',
  version: '0.1.0',
  rowVersion: 1,
  summary: '{{summary}}',
  availableInDeployment: { value: true, rationale: 'Every Linux device can read its own /proc/sys/fs/file-nr.' },
  fields: FIELDS,
  options: NO_OPTIONS,

  probe({ roots }) {
    try {
      accessSync(pathOf(roots), constants.R_OK);
      return { status: 'ok' };
    } catch (error) {
      const reason = `/proc/sys/fs/file-nr can not be read: ${(error as Error).message}`;
      return { status: 'unavailable', reason, remedy: 'mount procfs' };
    }
  },
  create: (_options, { roots }) => new FileHandleSampler(pathOf(roots)),
});
