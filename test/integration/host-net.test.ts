import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { onlyEpisode, readJson, readRows, startCli, temporaryFolder, until } from '../support/cli.js';

/** In a network namespace of its own, brings lo up and says 100 datagrams of 1000 bytes to itself. */
const TALK = `
import fcntl, socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
fcntl.ioctl(s, 0x8914, struct.pack('16sh', b'lo', 0x49))  # SIOCSIFFLAGS: IFF_UP, IFF_LOOPBACK, IFF_RUNNING
for _ in range(100): s.sendto(bytes(1000), ('127.0.0.1', 9))
`;

interface Net {
  readonly net: string;
  readonly rx_packets: number;
  readonly tx_bytes: number;
}

const names = (row: { nets: Net[] }) => row.nets.map(({ net }) => net);
const ownNames = () =>
  [...readFileSync('/proc/self/net/dev', 'latin1').matchAll(/^ *([^\s|]+):/gm)].map((match) => match[1]!);

function record(...target: string[]) {
  const output = temporaryFolder();
  const fixed = ['--collector', 'host_net', '--output', output];
  const { outcome } = startCli(['episode', 'start', ...fixed, ...target]);
  const file = (path: string) => join(onlyEpisode(output), path);
  const isBegun = () => readdirSync(output).length > 0 && existsSync(file('telemetry/host_net.jsonl'));
  return {
    outcome,
    rows: () => (isBegun() ? readRows(file('telemetry/host_net.jsonl')) : []),
    figures: () => readJson(file('meta.json')).collectors[0],
  };
}

test('a command that enters a namespace of its own shows lo alone, with what it said to itself', async () => {
  const folder = temporaryFolder();
  const [enter, end] = [join(folder, 'enter'), join(folder, 'end')];
  writeFileSync(join(folder, 'talk.py'), TALK);
  const wait = (flag: string) => `until [ -e ${flag} ]; do sleep 0.01; done`;
  const inside = `python3 ${folder}/talk.py; ${wait(end)}`;
  const episode = record('--duration', '30s', '--', 'sh', '-c', `${wait(enter)}; exec unshare -n sh -c '${inside}'`);
  await until(() => episode.rows().length > 0);
  writeFileSync(enter, '');
  await until(() => episode.rows().at(-1).nets[0].rx_packets >= 100 && names(episode.rows().at(-1)).length === 1);
  writeFileSync(end, '');
  await episode.outcome;

  const [first, last] = [episode.rows()[0], episode.rows().at(-1)];
  expect(names(first)).toEqual(ownNames());
  expect(names(first).length).toBeGreaterThan(1);
  expect(names(last)).toEqual(['lo']);
  expect(last.nets[0].tx_bytes).toBeGreaterThan(100_000);
  expect(last).toMatchObject({ net_rx_bytes: 0, net_tx_bytes: 0, nets_unlisted: 0 });
  expect(episode.figures()).toMatchObject({ state: 'ok', errors: {}, rows_invalid: 0 });
});

test('a target beside the recorder shows what a second reader sees', async () => {
  const { outcome, rows } = record('--duration', '1s', '--target-pid', String(process.pid));
  await outcome;
  expect(rows().length).toBeGreaterThan(0);
  const after = execFileSync('awk', ['$1 == "lo:" { print $2, $3 }', '/proc/self/net/dev'], { encoding: 'utf8' });
  const [bytes, packets] = after.trim().split(' ').map(Number);
  for (const { nets } of rows()) {
    const lo = nets.find(({ net }: Net) => net === 'lo');
    expect(lo.rx_bytes).toBeLessThanOrEqual(bytes!);
    expect(lo.rx_packets).toBeLessThanOrEqual(packets!);
  }
});

test('a target that is killed gives no more rows, and no errors', async () => {
  const flag = join(temporaryFolder(), 'up');
  const child = spawn('unshare', ['-n', 'sh', '-c', `touch ${flag}; exec sleep 600`], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await until(() => existsSync(flag));
  const episode = record('--duration', '30s', '--target-pid', String(child.pid));
  await until(() => episode.rows().length > 0);
  child.kill('SIGKILL');
  await episode.outcome;
  expect(names(episode.rows().at(-1))).toEqual(['lo']);
  expect(episode.figures()).toMatchObject({ state: 'ok', errors: {}, rows_invalid: 0 });
});
