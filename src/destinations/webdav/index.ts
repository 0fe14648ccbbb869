import { API_VERSION, defineDestination } from '../../index.js';
import { addressOf } from './address.js';
import { authorityOf, tokenOf } from './credentials.js';
import { Http } from './http.js';
import { WebdavDestination } from './webdav-destination.js';

export default defineDestination({
  apiVersion: API_VERSION,
  name: 'webdav',
  version: '1.0.0',
  summary: 'A collection of a WebDAV server, over HTTP or HTTPS; published by a MOVE.',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      token_env: {
        type: 'string',
        description: 'The environment variable that holds the bearer token; without it none is sent.',
        default: 'CIS490_TOKEN',
        minLength: 1,
      },
      ca_file: {
        type: 'string',
        description: 'Certificates (PEM) of the authorities to trust, in the place of the public ones.',
        minLength: 1,
      },
    },
  },
  async open({ to, options, env, baseDir }) {
    const address = addressOf(to);
    const token = tokenOf(env, options.token_env, address);
    const ca = options.ca_file === undefined ? undefined : await authorityOf(options.ca_file, baseDir);
    return new WebdavDestination(await Http.open({ address, token, tokenEnv: options.token_env, ca }));
  },
});
