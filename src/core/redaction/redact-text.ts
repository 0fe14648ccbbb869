import { isSecretName } from './secret-name.js';

export const REDACTED = '[redacted]';

/** `name=`, `name: `, `"name": "`, `\"name\":\"`. A name begins where no other could go on: else a long word would be tried from each of its letters. */
const ASSIGNMENT = /(?<![\w.-])-{0,2}([A-Za-z_][\w.-]{0,200})(?:\\?["'])?(\s?[=:]\s?)(\\?["'])?/g;
const UNQUOTED = /[^\s"'&;|<>]*/y;
/** A header's value may have spaces: it goes on to the end of its line, or of what quotes it. */
const HEADER = /[^"'\n]*/y;
const HEADER_NAME = /authorization$|cookie$/i;
/** That something is on or off tells nothing. */
const SWITCH = /^(?:on|off|yes|no|true|false|null|none)?$/i;

/** Secrets that are known by their form: of services in wide use; a JSON Web Token; a private key, whether or not its end is there. */
const FORMS = [
  /\b(?:gh[oprsu]_|github_pat_)\w{20,}/g,
  /\b(?:glpat-|xox[abeprs]-|sk-|AIza)[\w-]{16,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /\b(?:npm_|hf_|[rs]k_(?:live|test)_|do[opr]_v1_)\w{16,}/g,
  /\b(?:pypi-|ya29\.|SG\.[\w-]{16,}\.)[\w-]{16,}/g,
  /(?<=\/\/(?:hooks\.slack\.com\/services|discord(?:app)?\.com\/api\/webhooks)\/)[\w/-]+/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
];
/** The user information of a URL; a password in it may have a slash, but is then told from a port. */
const URL_USER =
  /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,40}:\/\/)(?:[^/\s]{1,1000}|[^\s/:@]{1,200}:(?!\d+[/?#])[^\s"']{1,200})@/gi;
/** `user:password@host`, as rsync and others take it; a container's image with its digest is none. */
const USER_AT_HOST = /(?<![\w.+%/:@-])([\w.+%-]{1,100}):[^\s@/"':]{1,200}@(?!sha\d+:)(?=[\w[])/g;
const BEARER = /\b(bearer)\s+[^\s"',;]+/gi;

/** A text without what is known to be secret: what stands under a secret's name, users of URLs, keys and tokens by their form. */
export function redactText(text: string): string {
  const known = FORMS.reduce((rest, form) => rest.replace(form, REDACTED), text);
  return withoutAssigned(known)
    .replace(URL_USER, `$1${REDACTED}@`)
    .replace(USER_AT_HOST, `$1:${REDACTED}@`)
    .replace(BEARER, `$1 ${REDACTED}`);
}

function withoutAssigned(text: string): string {
  const isQemuSecret = /\bsecret\b/.test(text); // -object secret,data=...
  let [result, end] = ['', 0];
  for (const match of text.matchAll(ASSIGNMENT)) {
    const [all, name = '', separator = '', quote = ''] = match;
    const start = match.index + all.length;
    if (match.index < end || !(isSecretName(name) || (isQemuSecret && name === 'data'))) continue;
    const stop = endOfValue(text, start, quote, isHeader(name, separator));
    if (SWITCH.test(text.slice(start, stop))) continue;
    result += text.slice(end, start) + REDACTED;
    end = stop;
  }
  return result + text.slice(end);
}

const isHeader = (name: string, separator: string): boolean =>
  separator.endsWith(': ') || (separator.includes(':') && HEADER_NAME.test(name));

function endOfValue(text: string, start: number, quote: string, mayHaveSpaces: boolean): number {
  const close = quote === '' ? -1 : text.indexOf(quote, start);
  if (close >= 0) return close;
  const value = mayHaveSpaces ? HEADER : UNQUOTED;
  value.lastIndex = start;
  return start + (value.exec(text)?.[0].length ?? 0);
}
