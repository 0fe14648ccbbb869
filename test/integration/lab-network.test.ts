import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { readImage } from '../../src/core/lab/image/read-image.js';
import {
  BIN,
  onlyEpisode,
  ROOT,
  type RunningCli,
  readJson,
  readRows,
  startCli,
  temporaryFolder,
  watch,
} from '../support/cli.js';
import { networkTest } from '../support/needs-lab.js';
import { TOLERANT } from '../support/tolerant.js';

const LEAK = ['-netdev', 'user,id=leak', '-device', 'virtio-net-pci,netdev=leak'];
const END_TIMEOUT_MS = 60_000;

function configure(target: object, run: string, duration: string): { config: string; output: string } {
  const folder = temporaryFolder();
  const config = join(folder, '.cis490rc');
  const phases = [{ name: 'work', label: 'benign', duration, run: ['sh', '-c', run], oneshot: true }];
  const all = {
    target: { type: 'qemu', settle: '0ms', ...target },
    phases,
    collectors: { host_net: {} },
    grade: TOLERANT,
  };
  writeFileSync(config, JSON.stringify(all));
  return { config, output: join(folder, 'episodes') };
}

function record(target: object, run = 'ip -o link', duration = '8s') {
  const { config, output } = configure(target, run, duration);
  const running = startCli(['episode', 'start', '--config', config, '--output', output]);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  const file = (path: string) => join(onlyEpisode(output), path);
  return {
    ...running,
    output,
    file,
    network: () => readJson(file('meta.json')).target.machine.network,
    said: () => readFileSync(file('artifacts/phase-1-work-stdout.log'), 'utf8'),
  };
}

async function grade(running: RunningCli): Promise<{ code: number | null; stderr: string }> {
  const { code, stderr } = await running.outcome;
  return { code, stderr };
}

/** Processes of which this is true; one that is gone meanwhile is none. */
function processes(is: (folder: string) => boolean): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && is(`/proc/${name}`);
    } catch {
      return false;
    }
  });
}
const inNamespace = (namespace: string) => processes((folder) => readlinkSync(`${folder}/ns/net`) === namespace);
const ofEpisode = (id: string, program: string) =>
  processes(
    (folder) =>
      readFileSync(`${folder}/environ`, 'latin1').includes(`CIS490_EPISODE=${id}\0`) &&
      readlinkSync(`${folder}/exe`).endsWith(`/${program}`),
  );

const hostNetwork = () => [
  execFileSync('ip', ['-brief', 'link'], { encoding: 'utf8' }),
  execFileSync('ip', ['netns'], { encoding: 'utf8' }),
];

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + END_TIMEOUT_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never became true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

networkTest('none: the guest has nothing but its loopback, which is tested too', async () => {
  const episode = record({ network: 'none' });
  expect(await grade(episode)).toMatchObject({ code: 0 });
  expect(episode.network()).toMatchObject({
    mode: 'none',
    containment: { interfaces: [], arrivals: [] },
    capture: null,
  });
  expect(episode.said().trim().split('\n')).toHaveLength(1);
});

/** Quiet, then 20 pings, then quiet; the counters of its card before and behind. */
const PINGS = `
echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6
count() { grep eth0: /proc/net/dev; }
sleep 0.5; count
for i in 1 2 3 4 5 6 7 8 9 10; do ping -c 1 -s 1000 10.249.0.1 >/dev/null || echo lost; done
count`;

interface Net {
  readonly net: string;
  readonly rx_bytes: number;
  readonly rx_packets: number;
  readonly tx_packets: number;
}

networkTest('isolated: contained, seen from outside, captured, and gone afterwards', async () => {
  const before = hostNetwork();
  const episode = record({ network: 'isolated', capture: true }, PINGS, '20s');
  await episode.saw(/phase_started/);
  const id = readdirSync(episode.output)[0]!;
  const namespace = readlinkSync(`/proc/${ofEpisode(id, 'qemu-system-x86_64')[0]}/ns/net`);
  expect(namespace).not.toBe(readlinkSync('/proc/self/ns/net'));
  expect(hostNetwork()).toEqual(before);
  expect(await grade(episode)).toMatchObject({ code: 0 });

  const { containment, capture } = episode.network();
  expect(containment).toMatchObject({
    arrivals: [],
    interfaces: [{ is_own: true, address: '10.249.0.2', gateway: '10.249.0.1', control: { result: 'answered' } }],
  });
  const tried = containment.interfaces[0].probes.map(
    ({ what, address }: Record<string, string>) => `${what} ${address}`,
  );
  expect(tried).toEqual(expect.arrayContaining(['tcp 10.249.0.1', 'udp 10.249.0.1', 'tcp 1.1.1.1', 'udp 10.0.2.3']));

  const [first, last] = [...episode.said().matchAll(/eth0:(.*)/g)].map(([, line]) =>
    line!.trim().split(/\s+/).map(Number),
  );
  const rows = readRows(episode.file('telemetry/host_net.jsonl'));
  const tap = (row: { nets: Net[] }) => row.nets.find(({ net }) => net === 'tap0')!;
  expect(rows[0].nets.map(({ net }: Net) => net).sort()).toEqual(['br0', 'lo', 'tap0']);
  // the guest's tx is the tap's rx
  const sent = { bytes: last![8]! - first![8]!, packets: last![9]! - first![9]! };
  expect(sent.packets).toBeGreaterThanOrEqual(10);
  const [begin, end] = [tap(rows[0]), tap(rows.at(-1))];
  expect(end.rx_bytes - begin.rx_bytes).toBeGreaterThanOrEqual(sent.bytes);
  expect(end.rx_packets - begin.rx_packets).toBeLessThanOrEqual(sent.packets + 5); // an ARP or so outside of the two counts
  expect(episode.said()).not.toContain('lost');

  const text = execFileSync('tcpdump', ['-nr', episode.file('artifacts/capture.pcap')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(text.match(/10\.249\.0\.2 > 10\.249\.0\.1: ICMP echo request.* length 1008/g)).toHaveLength(10);
  expect(text.match(/10\.249\.0\.1 > 10\.249\.0\.2: ICMP echo reply.* length 1008/g)).toHaveLength(10);
  expect(capture).toMatchObject({ packets: text.trim().split('\n').length, dropped_by_kernel: 0, truncated_bytes: 0 });

  expect(inNamespace(namespace)).toEqual([]);
  expect(hostNetwork()).toEqual(before);
});

networkTest('isolated: a recorder that is killed leaves neither QEMU, nor tcpdump, nor their namespace', async () => {
  const before = hostNetwork();
  const episode = record({ network: 'isolated', capture: true }, 'sleep 60', '60s');
  await episode.saw(/phase_started/);
  const id = readdirSync(episode.output)[0]!;
  const [tcpdump] = ofEpisode(id, 'tcpdump');
  const status = readFileSync(`/proc/${tcpdump}/status`, 'utf8');
  expect(status).not.toMatch(/^Uid:.*\b0\b/m);
  for (const kind of ['Eff', 'Prm', 'Bnd']) expect(status).toMatch(new RegExp(`^Cap${kind}:\t0+2000$`, 'm')); // CAP_NET_RAW
  const namespace = readlinkSync(`/proc/${ofEpisode(id, 'qemu-system-x86_64')[0]}/ns/net`);
  expect(inNamespace(namespace)).toHaveLength(2);
  episode.child.kill('SIGKILL');
  await until(() => inNamespace(namespace).length === 0);
  expect(hostNetwork()).toEqual(before);
});

networkTest('isolated: a capture that ends early is told, and degrades the episode', async () => {
  const episode = record({ network: 'isolated', capture: true }, 'sleep 60');
  await episode.saw(/phase_started/);
  const [tcpdump] = ofEpisode(readdirSync(episode.output)[0]!, 'tcpdump');
  process.kill(Number(tcpdump), 'SIGKILL');
  expect(await grade(episode)).toMatchObject({ code: 3 });
  expect(readJson(episode.file('meta.json')).grade_reasons).toEqual([
    'the packet capture ended before the episode did',
  ]);
  expect(readRows(episode.file('events.jsonl'))).toContainEqual(
    expect.objectContaining({ event: 'target_event', source: 'network', code: 'capture_ended', reason: 'SIGKILL' }),
  );
  expect(episode.network().capture.packets).toBeNull();
});

networkTest(
  'isolated: a machine that is killed while it is captured leaves what was captured, and nothing else',
  async () => {
    const before = hostNetwork();
    const episode = record({ network: 'isolated', capture: true }, `${PINGS} sleep 60`, '60s');
    await episode.saw(/action_started/);
    const id = readdirSync(episode.output)[0]!;
    const [qemu] = ofEpisode(id, 'qemu-system-x86_64');
    const namespace = readlinkSync(`/proc/${qemu}/ns/net`);
    const capture = () => statSync(episode.file('artifacts/capture.pcap')).size;
    await until(() => capture() > 5_000); // a few pings
    process.kill(Number(qemu), 'SIGKILL');
    const end = await grade(episode);
    expect(readJson(episode.file('meta.json')).grade_reasons).toEqual([]);
    expect(end).toMatchObject({ code: 0 }); // of a machine that ended there is no more to be had
    expect(readJson(episode.file('meta.json'))).toMatchObject({ status: 'complete', end_reason: 'target_exited' });
    const text = execFileSync('tcpdump', ['-nr', episode.file('artifacts/capture.pcap')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(text).toMatch(/10\.249\.0\.1 > 10\.249\.0\.2: ICMP echo reply/);
    expect(episode.network().capture).toMatchObject({ packets: text.trim().split('\n').length, dropped_by_kernel: 0 });
    expect(inNamespace(namespace)).toEqual([]);
    expect(hostNetwork()).toEqual(before);
  },
);

networkTest(
  'isolated: a card that leads out elsewhere leads nowhere in the namespace, and is down afterwards',
  async () => {
    const episode = record({ network: 'isolated', args: LEAK }, 'cat /sys/class/net/eth1/operstate; ip -4 addr');
    expect(await grade(episode)).toMatchObject({ code: 0 });
    const [foreign, own] = episode.network().containment.interfaces;
    expect(foreign).toMatchObject({
      name: 'eth1',
      is_own: false,
      address: '10.0.2.15',
      gateway: '10.0.2.2',
      control: null,
    });
    expect(own).toMatchObject({ name: 'eth0', is_own: true });
    expect(episode.said()).toMatch(/^down/);
    expect(episode.said()).toContain('10.249.0.2/24');
    expect(episode.said()).not.toContain('10.0.2.15');
  },
);

networkTest('restricted: contained, and its own end answers', async () => {
  const episode = record({ network: 'restricted' }, 'ip -4 addr show dev eth0; ip route');
  expect(await grade(episode)).toMatchObject({ code: 0 });
  expect(episode.network()).toMatchObject({
    mode: 'restricted',
    containment: { arrivals: [], interfaces: [{ is_own: true, control: { address: '10.0.2.2', result: 'answered' } }] },
  });
  expect(episode.said()).toContain('10.0.2.15/24');
  expect(episode.said()).toContain('default via 10.0.2.2 dev eth0');
});

for (const network of ['none', 'restricted'])
  networkTest(`${network}: a card that leads out is a leak; nothing is written`, async () => {
    const episode = record({ network, args: LEAK });
    const { code, stderr } = await grade(episode);
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /the guest is not contained: through its card eth\d \([0-9a-f:]+\) this machine was reached by/,
    );
    expect(stderr).toMatch(/- tcp 10\.0\.2\.2 port \d+ answered/);
    expect(existsSync(episode.output) ? readdirSync(episode.output) : []).toEqual([]);
  });

networkTest('isolated: whoever is not root is told so', async () => {
  const lab = temporaryFolder();
  chmodSync(lab, 0o755);
  mkdirSync(join(lab, 'images'));
  cpSync(readImage().folder, join(lab, 'images/image'), { recursive: true });
  symlinkSync('image', join(lab, 'images/current'));
  execFileSync('chmod', ['-R', 'a+rX', lab]);
  const config = join(lab, 'config.json');
  writeFileSync(config, JSON.stringify({ target: { type: 'qemu', network: 'isolated' } }));
  const output = join(lab, 'episodes');
  mkdirSync(output);
  chmodSync(output, 0o777);
  const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--', process.execPath, BIN];
  const command = [...asNobody, 'episode', 'start', '--config', config, '--output', output];
  const env = { ...process.env, HOME: lab, CIS490_LAB: lab };
  const { code, stderr } = await watch(spawn('setpriv', command, { cwd: ROOT, env })).outcome;
  expect(stderr).toContain('target.network is "isolated", which needs root; this is user 65534');
  expect(code).toBe(4);
  expect(readdirSync(output)).toEqual([]);
});
