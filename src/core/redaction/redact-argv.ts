import { basename } from 'node:path';
import { REDACTED, redactText } from './redact-text.js';
import { isSecretName } from './secret-name.js';

interface ShortOptions {
  /** Letters with the secret behind them, as in `-pSECRET`. */
  readonly attached?: string;
  /** Letters with the secret in the next argument. */
  readonly next?: string;
  /** Letters with `user:password` in the next argument, or behind them. */
  readonly user?: string;
  /** Letters without a value, which may stand in front of those in one argument. */
  readonly flags?: string;
}

const MYSQL = { attached: 'p' };
const BOTH_P = { attached: 'p', next: 'p' };
const LDAP = { attached: 'w', next: 'w', flags: 'xLv' };
const ARCHIVE = { attached: 'p', next: 'P', flags: 'hoq' };
const MQTT = { next: 'P' };
const SAMBA = { attached: 'U', next: 'U' };
const SQL_SERVER = { attached: 'P', next: 'P' };

/** What programs in wide use, and commands of them, take secrets by, beside options with a name. */
const PROGRAMS: Readonly<Record<string, ShortOptions>> = {
  ...{ mysql: MYSQL, mysqldump: MYSQL, mysqladmin: MYSQL, mysqlimport: MYSQL, mysqlshow: MYSQL, mysqlcheck: MYSQL },
  ...{ mariadb: MYSQL, 'mariadb-dump': MYSQL, 'mariadb-admin': MYSQL, 'mariadb-import': MYSQL, 'mariadb-check': MYSQL },
  ...{ ldapsearch: LDAP, ldapadd: LDAP, ldapmodify: LDAP, ldapdelete: LDAP, ldappasswd: LDAP },
  ...{ '7z': ARCHIVE, '7za': ARCHIVE, '7zz': ARCHIVE, zip: ARCHIVE, unzip: ARCHIVE, rar: ARCHIVE, unrar: ARCHIVE },
  ...{ mosquitto_pub: MQTT, mosquitto_sub: MQTT, ipmitool: MQTT },
  ...{
    mongo: BOTH_P,
    mongosh: BOTH_P,
    mongodump: BOTH_P,
    mongorestore: BOTH_P,
    mongoexport: BOTH_P,
    mongoimport: BOTH_P,
  },
  ...{ sshpass: BOTH_P, xmrig: BOTH_P, cpuminer: BOTH_P, usermod: BOTH_P, useradd: BOTH_P },
  ...{
    'docker login': BOTH_P,
    'podman login': BOTH_P,
    'skopeo login': BOTH_P,
    'buildah login': BOTH_P,
    'az login': BOTH_P,
  },
  ...{ smbclient: SAMBA, rpcclient: SAMBA, net: SAMBA, smbget: SAMBA },
  ...{ sqlcmd: SQL_SERVER, bcp: SQL_SERVER },
  minerd: { ...BOTH_P, user: 'O' },
  curl: { user: 'uUE', attached: 'b', next: 'b', flags: 'sSkLfvgiIGnNqRO' },
  'redis-cli': { attached: 'a', next: 'a' },
  openssl: { next: 'kK' },
  lftp: { attached: 'u', next: 'u' },
};
const USER_OPTION = /^--(?:proxy-)?(?:user|cert)$/;
/** `aws configure set KEY VALUE`, `npm config set KEY VALUE`, `git config KEY VALUE`. */
const SETTER = /^(?:set|config|configure)$/;
/** So far in front of the value it stands at most. */
const SETTER_DISTANCE = 4;

/** Of command lines quoted in command lines. */
const MAX_DEPTH = 4;
/** Words as a shell parts them, quotes included; a backslash at the end of a line is no word. */
const SHELL_WORD = /(?:(?!\\\n)[^\s"']|"[^"]*"|'[^']*'|["'])+/g;

/** `--token=x`, `TOKEN=x`, `--token x`, `mysql -px`, `curl -u me:x`, and what `redactText` finds; in a shell's script too. */
export const redactArgv = (argv: readonly string[]): string[] => redactWords(argv, (argument) => redactLine(argument));

/** A text that may be a command line: the words of it, and the whole. */
export function redactLine(line: string, depth = 0): string {
  if (!/\s/.test(line) || depth > MAX_DEPTH) return redactText(line);
  const words = redactWords(line.match(SHELL_WORD) ?? [], (word) => redactQuoted(word, depth + 1));
  let next = 0;
  return redactText(line.replace(SHELL_WORD, () => words[next++]!));
}

/** A word that is a quoted command line itself, or any other. */
function redactQuoted(word: string, depth: number): string {
  const [, quote, inner] = /^(["'])(.*)\1$/s.exec(word) ?? [];
  return quote === undefined ? redactText(word) : `${quote}${redactLine(inner!, depth)}${quote}`;
}

/** `redactRest` does what can be done without a look at the other words. */
function redactWords(words: readonly string[], redactRest: (word: string) => string): string[] {
  let [program, options]: [string, ShortOptions] = ['', {}];
  const passwords = passwordsOfHtpasswd(words);
  return words.map((word, i) => {
    const name = basename(word);
    const command = `${program} ${word}`;
    if (Object.hasOwn(PROGRAMS, command)) options = PROGRAMS[command]!;
    else if (Object.hasOwn(PROGRAMS, name)) options = PROGRAMS[name]!;
    if (COMMANDED.has(name)) program = name;
    if (passwords.has(i) || isSetting(words, i)) return REDACTED;
    const before = words[i - 1] ?? '';
    return byName(word, before) ?? byShortOption(word, before, options) ?? redactRest(word);
  });
}

const COMMANDED = new Set(Object.keys(PROGRAMS).flatMap((name) => (name.includes(' ') ? [name.split(' ')[0]!] : [])));

function isSetting(words: readonly string[], i: number): boolean {
  const name = words[i - 1] ?? '';
  return (
    isSecretName(name) &&
    !/^-|=/.test(name) &&
    words.slice(Math.max(0, i - SETTER_DISTANCE), i - 1).some((word) => SETTER.test(word))
  );
}

/** `htpasswd -b FILE USER PASSWORD`, `htpasswd -nb USER PASSWORD`: where the password stands. */
function passwordsOfHtpasswd(words: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [at, word] of words.entries()) {
    if (basename(word) !== 'htpasswd') continue;
    const rest = [...words.entries()].slice(at + 1, at + 10);
    const flags = rest.filter(([, each]) => /^-[A-Za-z]+$/.test(each)).map(([, each]) => each);
    const operands = rest.filter(([, each]) => !each.startsWith('-'));
    const password = operands[flags.some((each) => each.includes('n')) ? 1 : 2];
    if (password !== undefined && flags.some((each) => each.includes('b'))) found.add(password[0]);
  }
  return found;
}

/** Null where neither the word nor the option in front of it has a secret's name. */
function byName(word: string, before: string): string | null {
  if (isSecretOption(before)) return word === '' ? '' : REDACTED;
  const [, name, assigned] = /^(-{0,2}[A-Za-z_][\w.-]*)=(.*)$/s.exec(word) ?? [];
  return name !== undefined && assigned !== '' && isSecretName(name) ? `${name}=${REDACTED}` : null;
}

const isSecretOption = (option: string): boolean =>
  /^-/.test(option) && !/[=\s]/.test(option) && isSecretName(option.replace(/^-+/, ''));

/** Null where no short option of the program is meant. */
function byShortOption(
  argument: string,
  before: string,
  { attached = '', next = '', user = '', flags = '' }: ShortOptions,
): string | null {
  /** The letter that takes a value, of an option alone or behind flags; its place too. */
  const letterIn = (option: string) => {
    if (!/^-[A-Za-z]/.test(option)) return 0;
    let at = 1;
    while (at < option.length - 1 && flags.includes(option[at]!)) at++;
    return at;
  };
  const isAlone = (option: string, letters: string) => {
    const at = letterIn(option);
    return at > 0 && at === option.length - 1 && letters.includes(option[at]!);
  };
  if (isAlone(before, next)) return REDACTED;
  if (isAlone(before, user) || USER_OPTION.test(before)) return withoutPassword(argument);
  const at = letterIn(argument);
  const [letter, rest] = [argument[at]!, argument.slice(at + 1)];
  if (at === 0 || rest === '' || rest.startsWith('-')) return null;
  if (attached.includes(letter)) return `${argument.slice(0, at + 1)}${REDACTED}`;
  return user.includes(letter) ? `${argument.slice(0, at + 1)}${withoutPassword(rest)}` : null;
}

/** `1000:1000` are a user and a group. */
const withoutPassword = (user: string): string =>
  /^\d+:\d+$/.test(user) ? user : user.replace(/^(["']?[^:]*):.+$/s, `$1:${REDACTED}`);
