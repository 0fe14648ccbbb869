import { API_VERSION, defineDestination } from '../../index.js';
import { Bucket } from './bucket.js';
import { connect, serverOf } from './client.js';
import { endpointOf, locationOf } from './location.js';
import { S3Destination } from './s3-destination.js';

export default defineDestination({
  apiVersion: API_VERSION,
  name: 's3',
  version: '1.0.0',
  summary: 'A bucket of S3, or of what speaks it (MinIO, Ceph, Garage, R2); published by its marker, which comes last.',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      endpoint: {
        type: 'string',
        pattern: '^https?://',
        description: "The server's URL, such as https://minio.example:9000; without it AWS.",
      },
      region: {
        type: 'string',
        minLength: 1,
        description:
          "The bucket's region; without it that of the environment or the profile, at an endpoint us-east-1.",
      },
      path_style: {
        type: 'boolean',
        default: false,
        description:
          "Whether the bucket is named in the URL's path, not in its host name: most servers of one's own want it.",
      },
      profile: {
        type: 'string',
        minLength: 1,
        description: 'The profile of ~/.aws/config and ~/.aws/credentials to use.',
      },
      trust_checksums: {
        type: 'boolean',
        description:
          'Whether the SHA-256 that the server reports for an object in one piece is proof enough, so that it is not read back; by default at AWS alone.',
      },
    },
  },
  async open({ to, options, env }) {
    const location = locationOf(to);
    const endpoint = options.endpoint === undefined ? undefined : endpointOf(options.endpoint);
    const s3 = await connect({
      endpoint,
      region: options.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined),
      pathStyle: options.path_style,
      profile: options.profile,
      env,
    });
    const bucket = new Bucket(s3, location, { trustChecksums: options.trust_checksums });
    return new S3Destination(bucket, location, await serverOf(s3));
  },
});
