import { API_VERSION, defineCollector, NO_OPTIONS } from '../../index.js';
import { processFolder } from '../../procfs.js';
import { FIELDS } from './fields.js';
import { parseHostNet } from './parser.js';

export default defineCollector({
  kind: 'files',
  apiVersion: API_VERSION,
  name: 'host_net',
  version: '1.0.0',
  rowVersion: 1,
  summary: "The interfaces of the target's network namespace, a virtual machine's tap among them.",
  availableInDeployment: {
    value: false,
    rationale:
      'It looks from outside into the namespace of the thing observed; a deployed device has nobody out there.',
  },
  fields: FIELDS,
  options: NO_OPTIONS,

  /**
   * A process may enter another network namespace, and a kept descriptor would stay in the old one: so net/dev is opened
   * by its path, which any later process of the same pid has too. That it was still the target's is proved by stat, read
   * behind it by a descriptor that no other process ever answers.
   */
  files(_options, target) {
    const folder = processFolder(target);
    return { netDev: { path: `${folder}/net/dev`, reopen: true }, stat: `${folder}/stat` };
  },

  parse: ({ netDev }) => parseHostNet(netDev),
});
