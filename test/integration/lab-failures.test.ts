import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BIN, isAlive, type Outcome, startCli, temporaryFolder, until, watch } from '../support/cli.js';
import { labTest, leftOut } from '../support/lab.js';

const KERNEL = `Package: linux-image-cloud-amd64
Version: 6.1.1-1
Architecture: amd64
Depends: linux-image-6.1.0-1-cloud-amd64 (= 6.1.1-1)
SHA256: ${'0'.repeat(64)}
`;
/** Tells of every package that it is asked for. */
const APT_CACHE = `#!/bin/sh
shift
case "$1" in linux-image-cloud-amd64) cat <<'END'
${KERNEL}
END
exit ;; esac
for name; do printf 'Package: %s\\nVersion: 1\\nArchitecture: amd64\\nSHA256: ${'1'.repeat(64)}\\n\\n' "$name"; done
`;

/** A PATH in which these are the only programs but for the shell's own; null takes one away. */
function machine(programs: Readonly<Record<string, string | null>>) {
  const root = temporaryFolder();
  mkdirSync(join(root, 'bin'));
  for (const name of ['sh', 'cat', 'sleep', 'setpriv', 'dpkg-deb', 'cpio', 'env']) {
    const real = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
    if (!(name in programs) && real !== '') symlinkSync(real, join(root, 'bin', name));
  }
  for (const [name, content] of Object.entries(programs)) {
    if (content === null) continue;
    writeFileSync(join(root, 'bin', name), content);
    chmodSync(join(root, 'bin', name), 0o755);
  }
  return { root, env: { PATH: join(root, 'bin'), CIS490_LAB: join(root, 'lab') } };
}

const build = ({ env }: ReturnType<typeof machine>, ...flags: string[]) =>
  startCli(['lab', 'build', '--json', ...flags], { env });

function expectError({ code, stdout, stderr }: Outcome, exit: number, expected: object): void {
  expect(code, stderr).toBe(exit);
  expect(JSON.parse(stdout).error).toMatchObject(expected);
  expect(stderr).not.toContain('    at ');
}

const leftIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

describe('lab build', () => {
  test('names the program that is missing, and its package', async () => {
    const without = machine({ 'apt-cache': null });
    expectError(await build(without).outcome, 4, {
      code: 'LAB_TOOL_MISSING',
      message: 'the lab needs the program "apt-cache", which is not installed',
      hint: expect.stringContaining('package apt '),
    });
    expect(leftIn(without.env.CIS490_LAB)).toEqual([]);
  });

  test.each(['dpkg-deb', 'cpio', 'apt-get'])('looks for %s before it downloads anything', async (program) => {
    const tools = { 'apt-cache': APT_CACHE, 'apt-get': '#!/bin/sh\ntouch "$CIS490_LAB/downloaded"\n' };
    const without = machine({ ...tools, [program]: null });
    expectError(await build(without).outcome, 4, {
      code: 'LAB_TOOL_MISSING',
      message: expect.stringContaining(`"${program}"`),
    });
    expect(leftIn(without.env.CIS490_LAB)).toEqual([]);
  });

  test('without package lists says "apt-get update"', async () => {
    const bare = machine({
      'apt-cache': '#!/bin/sh\necho "N: Unable to locate package" >&2; exit 100\n',
      'apt-get': '',
    });
    expectError(await build(bare).outcome, 4, {
      code: 'LAB_PACKAGES_UNKNOWN',
      message: 'apt\'s index has no amd64 package "linux-image-cloud-amd64"',
      hint: expect.stringContaining('apt-get update'),
    });
  });

  test('names every package that the index lacks', async () => {
    const some = machine({
      'apt-cache': APT_CACHE.replace('for name; do', 'for name in stress-ng; do'),
      'apt-get': '',
    });
    const { stdout } = await build(some).outcome;
    expect(JSON.parse(stdout).error.message).toContain('"linux-image-6.1.0-1-cloud-amd64", "busybox-static"');
  });

  test('a download that fails leaves nothing, and says what apt said', async () => {
    const offline = machine({
      'apt-cache': APT_CACHE,
      'apt-get': '#!/bin/sh\necho half >half.deb; printf "E: Failed to \\033[31mfetch\\n" >&2; exit 100\n',
    });
    const outcome = await build(offline).outcome;
    expectError(outcome, 4, { code: 'LAB_DOWNLOAD', message: expect.stringContaining('E: Failed to') });
    expect(outcome.stderr).not.toContain('\x1b');
    expect(leftIn(join(offline.env.CIS490_LAB, 'images'))).toEqual([]);
  });

  test('a package that is not what the index says is refused', async () => {
    const tampered = machine({ 'apt-cache': APT_CACHE, 'apt-get': '#!/bin/sh\necho other >busybox.deb\n' });
    expectError(await build(tampered).outcome, 4, {
      code: 'LAB_DOWNLOAD',
      message: expect.stringMatching(/linux-image-6\.1\.0-1-cloud-amd64 1 has the SHA-256 1{64}$/),
    });
    expect(leftIn(join(tampered.env.CIS490_LAB, 'images'))).toEqual([]);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the download and leaves nothing', async (signal, exit) => {
    const slow = machine({
      'apt-cache': APT_CACHE,
      'apt-get': '#!/bin/sh\necho $$ >"$CIS490_LAB/pid"; exec sleep 600\n',
    });
    const running = build(slow);
    await until(() => /^\d+\n/.test(readOrEmpty(join(slow.env.CIS490_LAB, 'pid'))));
    running.child.kill(signal);
    const outcome = await running.outcome;
    expectError(outcome, exit, { code: 'INTERRUPTED', message: expect.stringContaining('nothing was kept') });
    expect(leftIn(join(slow.env.CIS490_LAB, 'images'))).toEqual([]);
    expect(isAlive(Number(readOrEmpty(join(slow.env.CIS490_LAB, 'pid'))))).toBe(false);
  });

  test('what a build that was killed has left is removed by the next, once it is old', async () => {
    const offline = machine({ 'apt-cache': APT_CACHE, 'apt-get': '#!/bin/sh\nexit 100\n' });
    const images = join(offline.env.CIS490_LAB, 'images');
    for (const [name, ageS] of [
      ['.draft-old', 7300],
      ['.draft-new', 60],
    ] as const) {
      mkdirSync(join(images, name, 'debs'), { recursive: true });
      utimesSync(join(images, name), Date.now() / 1000 - ageS, Date.now() / 1000 - ageS);
    }
    await build(offline).outcome;
    expect(leftIn(images)).toEqual(['.draft-new']);
  });

  test('a folder that can not be written is a sentence', async () => {
    const taken = machine({ 'apt-cache': APT_CACHE, 'apt-get': '#!/bin/sh\nexit 100\n' });
    writeFileSync(taken.env.CIS490_LAB, 'a file');
    expectError(await build(taken).outcome, 4, {
      code: 'LAB_UNWRITABLE',
      message: expect.stringContaining(taken.env.CIS490_LAB),
      hint: expect.stringContaining('CIS490_LAB'),
    });
  });
});

const unshare = process.getuid?.() === 0 ? ['unshare', '-m'] : ['unshare', '-rm'];

labTest('a disk that fills at any step of a build leaves nothing but a sentence', async (context) => {
  const canMount = ['sh', '-c', `mount -t tmpfs tmpfs ${temporaryFolder()}`];
  if (spawnSync(unshare[0]!, [...unshare.slice(1), ...canMount]).status !== 0)
    return leftOut(`"${context.task.name}"`, 'no tmpfs can be mounted here (needs root, or user namespaces)');
  for (const mib of [20, 120, 225, 260]) {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'disk'));
    const script = `mount -t tmpfs -o size=${mib}m tmpfs disk && { "$0" "$1" lab build --json; code=$?; find disk -mindepth 2 >left; exit $code; }`;
    const child = spawn(unshare[0]!, [...unshare.slice(1), 'sh', '-c', script, process.execPath, BIN], {
      cwd: folder,
      env: { ...process.env, CIS490_LAB: join(folder, 'disk') },
    });
    const outcome = await watch(child).outcome;
    expectError(outcome, 4, { code: 'LAB_UNWRITABLE', message: expect.stringMatching(/[Nn]o space left|ENOSPC/) });
    expect(readFileSync(join(folder, 'left'), 'utf8'), `${mib} MiB`).toBe('');
  }
});

function readOrEmpty(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
