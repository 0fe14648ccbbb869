import type { EpisodeFile, Transfer } from '../../index.js';
import type { Begun } from './begun.js';
import { type Ended, runChild } from './child.js';
import { PARTS } from './scripts.js';
import type { Tools } from './tools.js';

interface Sending {
  /** Here. */
  readonly from: string;
  /** There; it has to exist. */
  readonly to: string;
  readonly files: readonly EpisodeFile[];
  /** What of them is there already, and so is not sent. */
  readonly begun: readonly Begun[];
  readonly transfer: Transfer;
  readonly ssh: readonly string[];
  readonly tools: Tools;
}

/** rsync(1): the least that --bwlimit takes, in bytes. */
const LEAST_BYTES_PER_SECOND = 1024;

/** Sends these files, each under its path, and counts what it has sent as it goes. */
export async function sendFiles({ from, to, files, begun, transfer, ssh, tools }: Sending): Promise<Ended> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let counted = begun.reduce((sum, { bytes }) => sum + bytes, 0);
  const count = (upTo: number) => {
    const more = Math.min(upTo, total) - counted;
    if (more <= 0) return;
    counted += more;
    transfer.sent(more);
  };
  const ended = await runChild(
    [...tools.leash, 'rsync', ...FLAGS, ...paceOf(transfer), '--rsh', ssh.join(' '), `${from}/`, `there:${to}/.`],
    {
      signal: transfer.signal,
      env: tools.env,
      input: Buffer.from(files.map(({ path }) => `./${path}\0`).join('')),
      onOutput: progressReader(count),
    },
  );
  if (ended.code === 0) count(total);
  return ended;
}

const FLAGS = [
  '-s', // no shell at the other side gets to see a path
  ...['--files-from=-', '--from0'],
  ...['--times', '--omit-dir-times'],
  ...['--perms', '--chmod=D750,F640'], // what is recorded may be sensitive: nothing for others
  '--ignore-times', // what is in the list has been looked at already: it is wrong, or not there
  '--force', // an empty folder in the place of a file
  `--partial-dir=${PARTS}`,
  '--timeout=600', // of a disk at the other side that answers no more, while its ssh lives
  ...['--info=progress2', '--no-human-readable', '--outbuf=L'],
];

const paceOf = ({ bytesPerSecond }: Transfer): string[] =>
  bytesPerSecond === null ? [] : [`--bwlimit=${(Math.max(bytesPerSecond, LEAST_BYTES_PER_SECOND) / 1024).toFixed(3)}K`];

/** The first number of each line of progress is how many bytes of all files are over. */
function progressReader(count: (bytes: number) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split(/[\r\n]/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const bytes = /^\s*([\d,]+)\s+\d+%/.exec(line)?.[1];
      if (bytes !== undefined) count(Number(bytes.replaceAll(',', '')));
    }
  };
}
