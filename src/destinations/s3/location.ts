import { DestinationError } from '../../index.js';

export interface Location {
  readonly bucket: string;
  /** What every key begins with: empty, or ends with "/". */
  readonly prefix: string;
  /** For messages. */
  readonly url: string;
}

const SHAPE = /^s3:\/\/([^/]*)(.*)$/is;
/** Of today's names, and of the old ones of us-east-1; the server knows the rest of the rules. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/;
const HINT = 'It looks like this: s3://bucket/prefix';

/** Of s3://bucket/prefix. As with the AWS CLI the prefix is taken as it stands: "%20" is no space. */
export function locationOf(to: string): Location {
  const [, bucket = '', path = ''] = SHAPE.exec(to) ?? [];
  // a secret key may hold "/"
  if (bucket.includes('@') || (bucket.includes(':') && path.includes('@')))
    throw lasting(`${shown(to)} holds credentials`, 'They come from the environment or from ~/.aws/credentials.');
  if (/[?#]/.test(bucket + path)) throw lasting(`${shown(to)} has a query or a fragment`, HINT);
  if (bucket === '') throw lasting(`${shown(to)} names no bucket`, HINT);
  if (/:\d+$/.test(bucket))
    throw lasting(`${shown(to)} names a server, not a bucket`, 'The server goes into the option "endpoint".');
  if (!BUCKET.test(bucket)) throw lasting(`${shown(to)} has no name of a bucket that can be one`, HINT);
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  // a server, or a proxy before it, would take it for a way out of the bucket
  if (steps.includes('..')) throw lasting(`the prefix in ${shown(to)} has a step ".."`, HINT);
  const prefix = steps.map((step) => `${step}/`).join('');
  return { bucket, prefix, url: `s3://${bucket}/${prefix}` };
}

/** An endpoint's URL as the client takes it. */
export function endpointOf(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw lasting(
      `the endpoint ${shown(value)} is no URL of a server`,
      'It looks like this: https://minio.example:9000',
    );
  if (url.username !== '' || url.password !== '')
    throw lasting(
      `the endpoint ${shown(value)} holds credentials`,
      'They come from the environment or from ~/.aws/credentials.',
    );
  if (url.search !== '' || url.hash !== '')
    throw lasting(`the endpoint ${shown(value)} has a query or a fragment`, 'It is the URL of the server alone.');
  return url.href;
}

const lasting = (message: string, hint: string): DestinationError => new DestinationError('lasting', message, { hint });

/** As it was given, but for what may be a secret: credentials, and a signature in a query. */
function shown(url: string): string {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(url) ?? [];
  // a password may hold "/", "?" and "#": all up to the last "@" counts as one
  const host = rest.slice(rest.lastIndexOf('@') + 1).replace(/([?#]).*$/s, '$1***');
  return JSON.stringify(`${scheme}${rest.includes('@') ? '***@' : ''}${host}`);
}
