import { DestinationError } from '../../index.js';
import { type Address, shownAs } from './address.js';
import { type Child, endChild, runChild, startChild } from './child.js';
import { fastCiphers, hasAes } from './ciphers.js';
import { GREET, remote } from './scripts.js';
import { isRecent, OLDEST_RSYNC, type Tools } from './tools.js';
import { troubleOf } from './trouble.js';

/** The process that holds the connection. */
export interface Master {
  readonly child: Child;
  /** Where other ssh processes find it. */
  readonly socket: string;
}

interface Start {
  readonly address: Address;
  readonly keys: readonly string[];
  readonly tools: Tools;
  readonly socket: string;
  /** Gives it up. */
  readonly signal: AbortSignal;
}

/** No password is ever asked for, the host's key is always checked, and nothing but commands goes through the connection. */
const ALWAYS = [
  ...['BatchMode=yes', 'StrictHostKeyChecking=yes', 'UpdateHostKeys=no'],
  ...['PasswordAuthentication=no', 'KbdInteractiveAuthentication=no'],
  ...['ConnectTimeout=10', 'ServerAliveInterval=15', 'ServerAliveCountMax=4'],
  ...['ControlMaster=yes', 'ControlPersist=no', 'RemoteCommand=none', 'PermitLocalCommand=no'],
  ...['ClearAllForwardings=yes', 'ForwardAgent=no', 'ForwardX11=no', 'LogLevel=ERROR'],
].flatMap((option) => ['-o', option]);

/** What ssh makes of its files and options; nothing where it can't tell: logging in tells why. */
async function configurationOf(target: readonly string[], { env }: Tools, signal: AbortSignal): Promise<string> {
  const { stdout } = await runChild(['ssh', '-G', ...target], { env, signal });
  return stdout.toString();
}

/** Logs in, and looks whether episodes can go there. Throws DestinationError if not. */
export async function startMaster({ address, keys, tools, socket, signal }: Start): Promise<Master> {
  signal.throwIfAborted();
  const { user, host, port, root } = address;
  const who = [...(user === undefined ? [] : ['-l', user]), ...(port === undefined ? [] : ['-p', port])];
  const target = [...keys, ...who, '-S', socket, host];
  const ciphers = (await hasAes()) ? fastCiphers(await configurationOf(target, tools, signal)) : [];
  const child = startChild(
    [...tools.leash, 'ssh', '-T', ...ALWAYS, ...ciphers, ...target, remote(GREET, [root])],
    tools.env,
  );
  // its stdin stays open: the other side's end of it is what keeps the connection
  try {
    const greeting = await firstLine(child, signal);
    if (greeting === null) throw troubleOf('to connect failed', address, await child.ended);
    checkGreeting(greeting, address);
    child.stdout.resume();
    return { child, socket };
  } catch (error) {
    await endChild(child);
    throw error;
  }
}

/** Null if it ends before it says anything. */
function firstLine(child: Child, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    child.ended.then(() => resolve(null), reject);
  });
}

function checkGreeting(greeting: string, address: Address): void {
  const [word, detail = ''] = greeting.split(' ');
  const where = shownAs(address);
  const refused = (message: string, hint?: string) =>
    new DestinationError('lasting', message, hint === undefined ? {} : { hint });
  if (word === 'nowhere')
    throw refused(`the folder ${where} does not exist`, `Is it mounted there? Else make it: mkdir -p ${address.root}`);
  if (word === 'nofolder') throw refused(`${where} is no folder`);
  if (word === 'denied') throw refused(`the folder ${where} can not be written to`);
  if (word === 'missing') throw refused(`${detail} is not installed at ${address.host}`, 'apt-get install rsync there');
  if (word !== 'ready')
    throw refused(
      `the shell of ${address.host} prints something by itself`,
      'Have its .bashrc print nothing without a terminal',
    );
  if (!isRecent(detail)) throw refused(`rsync at ${address.host} is older than ${OLDEST_RSYNC}: ${detail}`);
}
