import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { API_VERSION, defineCollector } from 'cis490';
import { FIELDS } from './fields.js';
import { OPTIONS } from './options.js';
import { FolderWatch } from './folder-watch.js';

export default defineCollector({
  kind: 'stream',
  apiVersion: API_VERSION,
  name: '{{name}}',
  version: '0.1.0',
  rowVersion: 1,
  summary: '{{summary}}',
  availableInDeployment: { value: true, rationale: 'Every Linux device can watch its own folders.' },
  fields: FIELDS,
  options: OPTIONS,
  // a folder in which nothing happens gives no rows, and that is no fault
  sparse: true,

  probe({ roots, options }) {
    if (!existsSync(join(roots.proc, 'sys/fs/inotify')))
      return { status: 'unavailable', reason: 'this kernel has no inotify', remedy: 'use one with CONFIG_INOTIFY_USER' };
    if (existsSync(options.folder)) return { status: 'ok' };
    return { status: 'unavailable', reason: `there is no folder ${options.folder}`, remedy: 'create it, or name another' };
  },
  create: (_options, context) => new FolderWatch(context),
});
