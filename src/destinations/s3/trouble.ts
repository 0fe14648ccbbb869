import { DestinationError, type TroubleKind } from '../../index.js';

type Verdict = readonly [kind: TroubleKind, what: string, hint?: string];

const KEYS =
  'Keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, from ~/.aws/credentials or from the option "profile".';
const REGION = 'Give the bucket\'s own region with the option "region".';
const PERMISSIONS =
  'It takes ListBucket on the bucket; GetObject, PutObject, DeleteObject and AbortMultipartUpload on its objects.';
const STYLE = 'At a server of your own set the option "path_style".';
const CA = "Name the authority's certificate in NODE_EXTRA_CA_CERTS, and the server as its certificate does.";

const DENIED: Verdict = ['lasting', 'access is denied', PERMISSIONS];
const UNKNOWN_KEY: Verdict = ['lasting', 'the server does not know the access key', KEYS];
const EXPIRED: Verdict = ['lasting', 'the credentials have expired', 'Renew them (aws sso login), and run it again.'];
const NO_CREDENTIALS: Verdict = ['lasting', 'no credentials were found', KEYS];
const ELSEWHERE: Verdict = ['lasting', 'the bucket is in another region, or at another endpoint', REGION];
const FULL: Verdict = ['lasting', 'there is no room left', 'Make room or raise the quota there, and run it again.'];
const BUSY: Verdict = ['passing', 'the server is busy'];
const BROKEN: Verdict = ['passing', 'the content did not arrive as it was sent'];
const LATE: Verdict = ['passing', 'the server did not answer in time'];
const LOST: Verdict = ['passing', 'the connection was lost'];
const CLOCK: Verdict = [
  'passing',
  "the server's clock and this one's are too far apart",
  'Set the clock of this machine.',
];
const CERTIFICATE: Verdict = ['lasting', "the server's certificate is not trusted", CA];

/** By the code of S3's error, by the name of an error of the SDK, or by the system's. */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  AccessDenied: DENIED,
  AllAccessDisabled: DENIED,
  AccountProblem: DENIED,
  InvalidAccessKeyId: UNKNOWN_KEY,
  InvalidToken: UNKNOWN_KEY,
  SignatureDoesNotMatch: ['lasting', 'the secret key is not the one of this access key', KEYS],
  ExpiredToken: EXPIRED,
  ExpiredTokenException: EXPIRED,
  TokenRefreshRequired: EXPIRED,
  TokenProviderError: EXPIRED,
  CredentialsProviderError: NO_CREDENTIALS,
  ProviderError: NO_CREDENTIALS,
  EndpointError: ['lasting', 'bucket, region and endpoint do not go together', STYLE],
  NoSuchBucket: ['lasting', 'there is no such bucket', STYLE],
  InvalidBucketName: ['lasting', "the server takes this for no bucket's name", STYLE],
  KeyTooLongError: ['refused', 'a path in the episode is too long for a key there'],
  EntityTooLarge: ['refused', 'the file is too large for the server'],
  PermanentRedirect: ELSEWHERE,
  TemporaryRedirect: ['passing', 'the bucket is on its way to another region'],
  AuthorizationHeaderMalformed: ELSEWHERE,
  IllegalLocationConstraintException: ELSEWHERE,
  QuotaExceeded: FULL,
  XMinioStorageFull: FULL,
  XMinioAdminBucketQuotaExceeded: FULL,
  InsufficientStorage: FULL,
  SlowDown: BUSY,
  ServiceUnavailable: BUSY,
  OperationAborted: BUSY,
  ConditionalRequestConflict: BUSY,
  InternalError: ['passing', 'the server has failed'],
  BadDigest: BROKEN,
  IncompleteBody: BROKEN,
  XAmzContentSHA256Mismatch: BROKEN,
  InvalidPart: BROKEN,
  NoSuchUpload: ['passing', 'the upload was ended by another'],
  RequestTimeout: LATE,
  TimeoutError: LATE,
  RequestTimeTooSkewed: CLOCK,
  RequestExpired: CLOCK,
  ECONNREFUSED: ['passing', 'nothing listens there'],
  ECONNRESET: LOST,
  EPIPE: LOST,
  ECONNABORTED: LOST,
  ERR_STREAM_PREMATURE_CLOSE: LOST,
  ETIMEDOUT: LATE,
  EHOSTUNREACH: ['passing', 'there is no way to that host'],
  ENETUNREACH: ['passing', 'there is no way to that network'],
  EAI_AGAIN: ['passing', 'the name server does not answer'],
  ENOTFOUND: ['lasting', 'there is no host of that name', STYLE],
  EPROTO: ['lasting', 'the server speaks no TLS', 'Is the endpoint http://, not https://?'],
};

const CERTIFICATE_CODES = /CERT|^UNABLE_TO_|^HOSTNAME_MISMATCH|^CRL_|^INVALID_CA|^PATH_LENGTH/;
const WRONG_TLS = /^ERR_SSL_|^ERR_TLS_/;

interface SdkError extends Error {
  readonly Code?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Runs a call to the server; what comes of it is thrown as DestinationError, but for the reason of an abort. */
export async function told<T>(what: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const [kind, why, hint] = verdictOn(error as SdkError);
    // the server's own words are left to the cause: who knows what they hold
    throw new DestinationError(kind, `${what}: ${why}${codeIn(error as SdkError)}`, {
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** The system's code first: the SDK takes a connection that was reset for a timeout. */
const namesOf = ({ Code, code, name }: SdkError): string[] => [Code, code, name].filter((it) => it !== undefined);

/** Which error of S3's it is, or of the system's. */
export const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  namesOf(error as SdkError).some((name) => codes.includes(name));

export const statusOf = (error: unknown): number | undefined => (error as SdkError).$metadata?.httpStatusCode;

function verdictOn(error: SdkError): Verdict {
  const names = namesOf(error);
  const known = names.find((name) => Object.hasOwn(VERDICTS, name));
  if (known !== undefined) return VERDICTS[known]!;
  if (names.some((name) => CERTIFICATE_CODES.test(name))) return CERTIFICATE;
  if (names.some((name) => WRONG_TLS.test(name))) return VERDICTS.EPROTO!;
  const status = statusOf(error);
  return status === undefined ? ['passing', 'it has failed'] : byStatus(status);
}

/** What has no code that is known: answers to HEAD, those of proxies, and of servers with codes of their own. */
function byStatus(status: number): Verdict {
  if (status === 507) return FULL;
  if (status === 501) return ['lasting', 'the server can not do that'];
  if (status >= 500 || [408, 409, 425, 429].includes(status)) return BUSY;
  if (status === 401 || status === 403) return DENIED;
  if (status >= 300 && status < 400) return ELSEWHERE;
  return ['lasting', status < 300 ? 'the server does not answer as S3 does' : 'the server refuses it', STYLE];
}

/** For the reports of users: nothing in it comes from elsewhere than a word of the protocol. */
function codeIn(error: SdkError): string {
  const word = namesOf(error).find(
    (name) => name !== 'Error' && name !== 'Unknown' && /^[A-Za-z][A-Za-z0-9_.]{1,60}$/.test(name),
  );
  const status = statusOf(error);
  const all = [word, status === undefined ? undefined : `HTTP ${status}`].filter((it) => it !== undefined);
  return all.length === 0 ? '' : ` (${all.join(', ')})`;
}
