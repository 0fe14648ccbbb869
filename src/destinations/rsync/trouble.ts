import { DestinationError } from '../../index.js';
import { type Address, shownAs } from './address.js';

interface Known {
  readonly says: RegExp;
  /** Unless it is the whole run's trouble. */
  readonly kind?: 'refused';
  readonly sentence: (address: Address) => string;
  readonly hint?: (address: Address) => string;
}

const port = ({ port: given }: Address): string => (given === undefined ? '' : `-p ${given} `);

/** What ssh, rsync or the shell at the other side says that will not pass by itself. The first that fits is it. */
const LASTING: readonly Known[] = [
  {
    says: /REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed/i,
    sentence: ({ host }) => `the key of ${host} is another than the one that is known`,
    hint: () => 'Find out why before anything is sent there; then put the new key into known_hosts',
  },
  {
    says: /Host key verification failed|No .* host key is known/i,
    sentence: ({ host }) => `the key of ${host} is not known`,
    hint: (address) =>
      `Compare what this prints with the server's own, and put it into known_hosts: ssh-keyscan ${port(address)}${address.host}`,
  },
  {
    says: /Permission denied \(|Too many authentication failures|No supported authentication methods/,
    sentence: ({ host, user }) => `${host} lets ${user ?? 'this user'} not in with any key that was offered`,
    hint: () =>
      'Put the public key into ~/.ssh/authorized_keys there; a key with a passphrase has to be in the ssh-agent',
  },
  {
    says: /Could not resolve hostname .*(Name or service not known|No address associated|not known)/i,
    sentence: ({ host }) => `there is no host ${host}`,
  },
  {
    says: /Unable to negotiate|no matching .* found|UNPROTECTED PRIVATE KEY|Bad configuration option|Bad owner or permissions/i,
    sentence: ({ host }) => `ssh can not connect to ${host} as it is set up here`,
  },
  {
    says: /Session open refused by peer/,
    sentence: ({ host }) => `${host} refuses several sessions in one connection`,
    hint: () => 'MaxSessions in its sshd_config has to be 6 at least; 10 is usual',
  },
  {
    says: /No space left on device|Disk quota exceeded/,
    sentence: (address) => `the disk of ${shownAs(address)} is full`,
  },
  { says: /Read-only file system/, sentence: (address) => `${shownAs(address)} is on a read-only file system` },
  {
    says: /Permission denied|Operation not permitted/,
    sentence: (address) => `${shownAs(address)} can not be written to, or not be read`,
  },
  {
    says: /File too large|File name too long/,
    kind: 'refused',
    sentence: (address) => `${shownAs(address)} can not take such a file`,
  },
  {
    says: /command not found|not found$|is your shell clean|protocol version mismatch|unknown option|unrecognized option/im,
    sentence: ({ host }) => `what is installed at ${host}, or its shell, is not what is needed`,
    hint: () => 'It takes rsync 3.1, GNU coreutils and findutils, and a shell that prints nothing by itself',
  },
];
/** rsync(1): wrong usage, incompatible protocol, unsupported action, a protocol stream that makes no sense. */
const LASTING_CODES = new Set([1, 2, 4, 6]);

/** What a program's end means. */
export function troubleOf(what: string, address: Address, { code, stderr }: { code: number | null; stderr: string }) {
  const said = oneLine(stderr);
  const known = LASTING.find(({ says }) => says.test(stderr));
  if (known !== undefined) {
    const message = `${what}: ${known.sentence(address)}${said && ` (${said})`}`;
    return new DestinationError(
      known.kind ?? 'lasting',
      message,
      known.hint === undefined ? {} : { hint: known.hint(address) },
    );
  }
  const kind = code !== null && LASTING_CODES.has(code) && said.startsWith('rsync') ? 'lasting' : 'passing';
  return new DestinationError(kind, `${what} at ${shownAs(address)}: ${said || `ended with ${code ?? 'a signal'}`}`);
}

/** What another machine says goes to a terminal: without control characters, and not endless. */
const oneLine = (text: string): string =>
  text
    .replace(/@{5,}/g, ' ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()
    .slice(-600);
