import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BIN, onlyEpisode, readJson, readRows, temporaryFolder, until, watch } from '../support/cli.js';
import { TOLERANT_FLAGS } from '../support/tolerant.js';

/** Runs a command with a terminal for its stderr that is full, as one is that is held by Ctrl-S, until a line comes. */
const HELD = `
import fcntl, os, pty, struct, subprocess, sys, termios
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
filler = os.open(os.ttyname(slave), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
try:
    while True: os.write(filler, b'.' * 1024)
except BlockingIOError: pass
os.close(filler)
child = subprocess.Popen(sys.argv[1:], stderr=slave, stdout=subprocess.DEVNULL)
os.close(slave)
sys.stdin.readline()
shown = b''
try:
    while True: shown += os.read(master, 65536)
except OSError: pass # its other end is closed
sys.stdout.buffer.write(shown)
sys.exit(child.wait())
`;

test('a terminal that is held holds no recording', async () => {
  const output = temporaryFolder();
  const phases = ['calm', 'busy'].flatMap((name) => ['--phase', `${name}:benign:5s`]);
  const start = [BIN, 'episode', 'start', ...TOLERANT_FLAGS, ...phases, '--output', output, '--', 'sleep', '600'];
  const child = spawn('python3', ['-c', HELD, process.execPath, ...start], { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const { outcome } = watch(child);
  await until(() => readdirSync(output).some((id) => existsSync(join(output, id, 'done.marker'))), 50_000);
  child.stdin.write('\n');
  const { code, stdout, stderr } = await outcome;
  expect(code, stderr).toBe(0);
  const folder = onlyEpisode(output);
  expect(stdout).toContain(basename(folder)); // which it waited for to be shown
  expect(readJson(join(folder, 'done.marker'))).toMatchObject({ status: 'complete', end_reason: 'duration_over' });
  expect(readRows(join(folder, 'labels.jsonl')).map(({ phase }) => phase)).toEqual(['calm', 'busy']);
});
