import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, type TestContext } from 'vitest';
import type { LabImage } from '../../src/core/lab/image/read-image.js';
import { labFolder } from '../../src/core/lab/lab-folder.js';
import { findProgram } from '../../src/program.js';
import {
  cli,
  isAlive,
  type Outcome,
  onlyEpisode,
  ROOT,
  type RunningCli,
  readJson,
  readRows,
  startCli,
  temporaryFolder,
  watch,
} from './cli.js';
import { labImage } from './lab.js';
import { TOLERANT_OF_GUESTS } from './tolerant.js';

/** A lab of its own for each test file, so that those beside it don't disturb its saved states. */
const LAB = ownLab();

/** A lab with the images that there are, and no saved states; gone after the test file. */
export function ownLab(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cis490-lab-'));
  symlinkSync(join(labFolder(), 'images'), join(folder, 'images'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface LabEpisodeOptions {
  /** Beside an image, TCG and no wait before the origin. */
  readonly target?: object;
  readonly phases?: readonly object[];
  readonly collectors?: object;
  readonly env?: NodeJS.ProcessEnv;
  readonly lab?: string;
  /** In a folder that another episode has left. */
  readonly temporary?: string;
  /** By a user without rights, to whom the lab belongs. Needs root. */
  readonly isNobody?: boolean;
  /** The only programs that this user finds. */
  readonly programs?: readonly string[];
  /** Its temporary files lie on a disk of this size. Needs root. */
  readonly temporaryMiB?: number;
}

/** Seconds in which an emulated guest on a busy machine has surely run the first commands of a phase. */
export const LONG = 10;
/** How a script begins that ends its agent or its guest: that it runs has to be seen before. */
export const SEEN_TO_RUN = 'sleep 3; ';

/** Debian's nobody and nogroup. */
export const NOBODY = 65_534;
const PHASES = [{ name: 'only', label: 'benign', duration: '60s' }];
const COLLECTORS = { host_proc: {}, system: {} };

/** An episode of a virtual machine. What it leaves in temporary folders, and each process of it, is told from all others'. */
export class LabEpisode {
  readonly running: RunningCli;
  readonly temporary: string;
  readonly output: string;

  constructor(running: RunningCli, temporary: string, output: string) {
    this.running = running;
    this.temporary = temporary;
    this.output = output;
  }

  get folder(): string {
    return onlyEpisode(this.output);
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of any shape
  get meta(): any {
    return readJson(join(this.folder, 'meta.json'));
  }

  get events() {
    return readRows(join(this.folder, 'events.jsonl'));
  }

  get labels() {
    return readRows(join(this.folder, 'labels.jsonl'));
  }

  /** What keeps it from the grade `ok`, but for what any machine does that is busy with other tests. */
  get reasons(): string[] {
    const isLoad = (reason: string) => /missed \d+ of \d+ ticks/.test(reason);
    return this.meta.grade_reasons.filter((reason: string) => !isLoad(reason));
  }

  rows(source: string) {
    return readRows(join(this.folder, 'telemetry', `${source}.jsonl`));
  }

  artifact(name: string): string {
    return readFileSync(join(this.folder, 'artifacts', name), 'utf8');
  }

  /** The codes of what the target told, in order. */
  get told(): string[] {
    return this.events.filter(({ event }) => event === 'target_event').map(({ code }) => code);
  }

  /** Of the machine, once its phases run. */
  async qemuPid(): Promise<number> {
    await this.running.saw(/phase_started/);
    return this.events.find(({ event }) => event === 'target_started').pid;
  }

  /** The folder with the machine's sockets. */
  get runFolder(): string {
    const [name] = readdirSync(this.temporary);
    return join(this.temporary, name!);
  }

  /** The processes that belong to it, the recorder among them. */
  get processes(): number[] {
    const mark = `TMPDIR=${this.temporary}`;
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => isAlive(pid) && environmentOf(pid).includes(mark));
  }

  expectNothingLeft(): void {
    expect(this.processes).toEqual([]);
    expect(readdirSync(this.temporary)).toEqual([]);
  }

  /** Waits for its end; what it recorded has to be valid, and nothing else may be left. */
  async ended(): Promise<Outcome> {
    const outcome = await this.running.outcome;
    this.expectNothingLeft();
    const { stdout } = await cli('episode', 'validate', this.folder);
    expect(stdout, outcome.stderr).toMatch(/: valid/);
    return outcome;
  }

  /** Waits for its end; it may have recorded nothing, and nothing at all may be left. */
  async refused(): Promise<Outcome> {
    const outcome = await this.running.outcome;
    this.expectNothingLeft();
    expect(readdirSync(this.output), outcome.stderr).toEqual([]);
    return outcome;
  }
}

/** Starts an episode with the lab's image. */
export async function startLabEpisode(context: TestContext, options: LabEpisodeOptions = {}): Promise<LabEpisode> {
  const image = await labImage(context);
  return startEpisode({ image: image.folder, ...options.target }, options);
}

/** Starts an episode with this target alone. */
export function startEpisode(target: object, options: LabEpisodeOptions = {}): LabEpisode {
  const {
    phases = PHASES,
    collectors = COLLECTORS,
    env = {},
    lab = LAB,
    temporary = temporaryFolder(),
    temporaryMiB,
  } = options;
  const [folder, output] = [temporaryFolder(), temporaryFolder()];
  const config = join(folder, '.cis490rc');
  if (options.isNobody) for (const path of [folder, output, temporary]) chownSync(path, NOBODY, NOBODY);
  if (temporaryMiB !== undefined) mountTmpfs(temporary, temporaryMiB);
  writeFileSync(
    config,
    JSON.stringify({
      target: { type: 'qemu', accel: 'tcg', settle: '0s', scratch: '64MiB', ...target },
      phases,
      collectors,
      grade: TOLERANT_OF_GUESTS,
    }),
  );
  const start = options.isNobody ? startAsNobody : startCli;
  const running = start(['episode', 'start', '--config', config, '--output', output], {
    cwd: folder,
    env: { CIS490_LAB: lab, TMPDIR: temporary, ...env },
    path: options.programs === undefined ? process.env.PATH! : folderOf(options.programs),
  });
  const episode = new LabEpisode(running, temporary, output);
  onTestFinished(() => {
    for (const pid of episode.processes) process.kill(pid, 'SIGKILL');
  });
  return episode;
}

/** A phase that is over after this long, in seconds. */
export const phase = (name: string, seconds: number, run?: readonly string[], more: object = {}) => ({
  name,
  label: 'benign',
  duration: `${seconds}s`,
  ...(run && { run }),
  ...more,
});

/** The same, in the guest's shell. */
export const shell = (name: string, seconds: number, script: string, more: object = {}) =>
  phase(name, seconds, ['sh', '-c', script], more);

/** The kernel and the initial file system of the lab, for a machine that is to boot otherwise. */
export const partsOf = ({ kernelPath, initrdPath }: LabImage) => ({ kernel: kernelPath, initrd: initrdPath });

/** The program, and the node that runs this test, may lie where only root gets to. */
function startAsNobody(
  args: readonly string[],
  { cwd, env, path }: { cwd: string; env: NodeJS.ProcessEnv; path: string },
): RunningCli {
  mkdirSync(join(cwd, 'program'));
  writeFileSync(join(cwd, 'node'), '');
  const script = `mount --rbind "$1" program && mount --bind "$2" node && path=$3 && shift 3 &&
exec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups env PATH="$path" "$PWD/node" "$PWD/program/bin/run.js" "$@"`;
  const words = ['--mount', 'sh', '-ec', script, 'sh', ROOT, process.execPath, path, ...args];
  return watch(spawn('unshare', words, { cwd, env: { ...process.env, ...env } }));
}

/** A folder with these programs, which everybody may run. */
function folderOf(programs: readonly string[]): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  for (const name of programs) symlinkSync(findProgram(name, '/')!, join(folder, name));
  return folder;
}

/** Until the test is over. */
function mountTmpfs(folder: string, mebibytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
