import type { S3, S3ClientConfig } from '@aws-sdk/client-s3';
import { DestinationError } from '../../index.js';

export interface Access {
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  readonly pathStyle: boolean;
  readonly profile: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const CONNECT_MS = 10_000;
/** For how long nothing at all may come or go. */
const IDLE_MS = 60_000;
const quiet = () => {};
/** The terminal is the program's, and what goes wrong is thrown. */
const SILENT = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const NODE_WARNING_OFF = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** A client. Nothing is asked of the server yet; credentials are looked for at the first call. */
export async function connect(access: Access): Promise<S3> {
  const sdk = await import('@aws-sdk/client-s3');
  const open = (region: string | undefined): S3 => withoutNodeWarning(() => new sdk.S3(configOf(access, region)));
  const s3 = open(access.region);
  try {
    await s3.config.region();
    return s3;
  } catch (cause) {
    s3.destroy();
    if (access.region !== undefined)
      throw new DestinationError('lasting', `${JSON.stringify(access.region)} is no region`, { cause });
    // servers of one's own have no regions as a rule, but a signature names one
    if (hasEndpoint(access)) return open('us-east-1');
    throw new DestinationError('lasting', 'the region of the bucket is not known', {
      cause,
      hint: 'Give it with the option "region", with AWS_REGION or in the profile; or the option "endpoint" for a server of your own.',
    });
  }
}

/** The endpoint that options, environment or profile name; that of AWS is its region's. */
export async function serverOf({ config }: S3): Promise<string> {
  const endpoint = await config.endpoint?.();
  if (endpoint === undefined) return `aws ${await config.region()}`;
  const { protocol, hostname, port, path } = endpoint;
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
}

const hasEndpoint = ({ endpoint, env }: Access): boolean =>
  [endpoint, env.AWS_ENDPOINT_URL_S3, env.AWS_ENDPOINT_URL].some(Boolean);

function configOf(access: Access, region: string | undefined): S3ClientConfig {
  const credentials = credentialsOf(access);
  return {
    ...(region === undefined ? {} : { region }),
    ...(access.endpoint === undefined ? {} : { endpoint: access.endpoint }),
    ...(access.profile === undefined ? {} : { profile: access.profile }),
    ...(credentials === undefined ? {} : { credentials }),
    forcePathStyle: access.pathStyle,
    // the second one is for an idle connection that the server has closed, and saves an upload in parts; all else is the
    // caller's, with its own pauses
    maxAttempts: 2,
    // by default a CRC32 goes with each upload, in a trailer that many servers can't take
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // it would take a connection of its own for each part
    expectContinueHeader: false,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: IDLE_MS, logger: SILENT },
    logger: SILENT,
  };
}

/**
 * The keys of the environment that the destination was opened with. All else (profiles, SSO, roles of a machine or a
 * container) is the default chain of the SDK, which looks at the process's own environment: it can't be given another.
 */
function credentialsOf({ profile, env }: Access): S3ClientConfig['credentials'] {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env;
  // as in the chain: who names a profile means it
  if (profile !== undefined || env.AWS_PROFILE || !accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

/** The SDK tells once per process, in its first constructor, that it will leave Node 20 behind. That is no news for users. */
function withoutNodeWarning<T>(construct: () => T): T {
  const before = process.env[NODE_WARNING_OFF];
  process.env[NODE_WARNING_OFF] = 'true';
  try {
    return construct();
  } finally {
    if (before === undefined) delete process.env[NODE_WARNING_OFF];
    else process.env[NODE_WARNING_OFF] = before;
  }
}
