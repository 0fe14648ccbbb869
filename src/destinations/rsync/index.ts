import { API_VERSION, defineDestination } from '../../index.js';
import { addressOf } from './address.js';
import { Connection } from './connection.js';
import { keysOf } from './keys.js';
import { RsyncDestination } from './rsync-destination.js';
import { findTools } from './tools.js';

export default defineDestination({
  apiVersion: API_VERSION,
  name: 'rsync',
  version: '1.0.0',
  summary: 'A folder of another machine, by rsync over ssh; published by a rename.',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      identity: {
        type: 'string',
        minLength: 1,
        description: "The private key's file; relative to the configuration. Without it: what ssh uses by itself.",
      },
      known_hosts: {
        type: 'string',
        minLength: 1,
        description:
          "File with the host's key, in place of ~/.ssh/known_hosts and the system's; relative to the configuration.",
      },
      ssh_config: {
        type: 'string',
        minLength: 1,
        description: "ssh's configuration, in place of ~/.ssh/config and the system's; relative to the configuration.",
      },
      sync: {
        type: 'boolean',
        description:
          'Whether to wait until an episode is on the disk there (sync -f) before it is published. Default: where the copy here is removed afterwards.',
      },
    },
  },

  async open({ to, options, env, baseDir, isOnlyCopy }) {
    const address = addressOf(to);
    const [tools, keys] = await Promise.all([findTools(env), keysOf(options, baseDir)]);
    const connection = new Connection(address, keys, tools);
    return new RsyncDestination({ connection, address, tools, sync: options.sync ?? isOnlyCopy });
  },
});
