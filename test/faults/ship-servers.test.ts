import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { cli, readRows, startCli, temporaryFolder, until } from '../support/cli.js';
import { SITES, type Site } from '../support/servers/sites.js';
import { resealed, shippable } from '../support/shippable.js';
import { howMany } from './support/how-many.js';
import { counts, upTo } from './support/in-parallel.js';
import { pick, tell } from './support/random.js';

const KILLS = howMany(8);
/** From the first byte on; ssh takes its time before it sends anything of an episode. */
const LONGEST_MS = { s3: 1_500, webdav: 1_500, rsync: 3_500 };
const MANY = howMany(1_000);
/** Of the first byte of an episode's content on the wire there is at least this much in front: a handshake, headers. */
const INTO_THE_BODY = 40_000;

interface Lab {
  readonly site: Site;
  readonly output: string;
  readonly ids: readonly string[];
}

async function lab(make: () => Promise<Site>, count: number): Promise<Lab> {
  const output = join(temporaryFolder(), 'episodes');
  const ids = (await shippable(output, count)).map((folder) => basename(folder));
  return { site: await make(), output, ids };
}

const start = ({ site, output }: Lab, ...more: string[]) =>
  startCli(['ship', '--output', output, '--json', ...site.args, ...more], { env: site.env });

async function ship(at: Lab, ...more: string[]) {
  const { code, stdout, stderr } = await start(at, ...more).outcome;
  expect(stderr).not.toMatch(/^ +at |Warning/m);
  return { code, stderr, report: JSON.parse(stdout) };
}

const markedIn = (folder: string, ids: readonly string[]) =>
  ids.filter((id) => existsSync(join(folder, id, 'done.marker')));

/** What is there under an id, with a marker, is whole: at any time. Returns which are. */
async function expectSound({ site, ids }: Lab): Promise<readonly string[]> {
  const there = site.arrived();
  const marked = markedIn(there, ids);
  if (marked.length === 0) return marked;
  const { code, stdout } = await cli('episode', 'validate', ...marked.map((id) => join(there, id)));
  expect(code, stdout).toBe(0);
  return marked;
}

async function expectAllThere(at: Lab): Promise<void> {
  expect(await expectSound(at)).toEqual(at.ids);
  expect(readdirSync(at.site.arrived()).sort()).toEqual([...at.ids].sort());
  expect(readRows(join(at.output, 'shipped.jsonl'))).toHaveLength(at.ids.length);
}

describe.each(Object.entries(SITES))('%s', (name, make) => {
  test('arrives, validates as it stands, and again is a no-op', async () => {
    const at = await lab(make, 3);
    const { code, stderr, report } = await ship(at);
    expect(code, stderr).toBe(0);
    await expectAllThere(at);
    const again = await ship(at);
    expect(again).toMatchObject({ code: 0, report: { sent_bytes: 0 } });
    expect(report.sent_bytes).toBeGreaterThan(0);
    const gone = await ship(at, '--delete-after');
    expect(gone.code, gone.stderr).toBe(0);
    expect(readdirSync(at.output)).toEqual(['shipped.jsonl']);
    await expectAllThere(at);
  });

  test('compressed: what arrives validates as it stands', async () => {
    const at = await lab(make, 1);
    const { code, stderr } = await ship(at, '--compress', 'gzip');
    expect(code, stderr).toBe(0);
    expect(existsSync(join(at.site.arrived(), at.ids[0]!, 'events.jsonl.gz'))).toBe(true);
    await expectAllThere(at);
  });

  test('another episode of the same id is a conflict, and stays what it is', async () => {
    const at = await lab(make, 1);
    await ship(at);
    const label = ['--revises', '0', '--label', 'benign', '--why', 'x', '--by', 'me'];
    expect((await cli('episode', 'label', join(at.output, at.ids[0]!), ...label)).code).toBe(0);
    const { code, report } = await ship(at);
    expect([code, report.episodes[0].state]).toEqual([3, 'conflict']);
    await expectAllThere(at);
  });

  test(`kill -9 of the shipper at ${KILLS} random moments`, async () => {
    const words: string[] = [];
    for (const index of upTo(KILLS)) {
      const at = await lab(make, 3);
      const running = start(at, '--bandwidth', '256KiB', '--concurrency', '2');
      if (index % 4 > 0) await until(() => at.site.proxy.taken > 0);
      await delay(pick(`${name} ${index}`, 0, LONGEST_MS[name as keyof typeof LONGEST_MS])); // what is tried is the moment itself
      running.child.kill('SIGKILL');
      await running.outcome;
      const arrived = await expectSound(at);
      const { code, stderr } = await ship(at);
      expect(code, stderr).toBe(0);
      await expectAllThere(at);
      words.push(`with ${arrived.length} of 3 there`);
      await at.site.stop();
    }
    tell(`${name}: ${KILLS} shippers killed: ${counts(words)}`);
  });

  test('the server is killed in the middle, and comes back: the same run ends it', async () => {
    const at = await lab(make, 3);
    const running = start(at, '--bandwidth', '64KiB', '--concurrency', '1');
    await until(() => at.site.proxy.taken > INTO_THE_BODY, 30_000);
    await at.site.stop();
    await running.saw(/is tried again/);
    await at.site.start();
    const { code, stderr } = await running.outcome;
    expect(code, stderr).toBe(0);
    await expectAllThere(at);
  });

  test('the connection is cut after some bytes: the same run ends it', async () => {
    const at = await lab(make, 2);
    at.site.proxy.cutAfter(INTO_THE_BODY / 2 + pick(`cut ${name}`, 0, 10_000));
    const { code, stderr } = await ship(at, '--concurrency', '1');
    expect(code, stderr).toBe(0);
    expect(at.site.proxy.cuts).toBe(1);
    await expectAllThere(at);
  });

  test('a byte is changed on the way: it is found, and what arrives is whole', async () => {
    const at = await lab(make, 1);
    const folder = join(at.output, at.ids[0]!);
    writeFileSync(join(folder, 'artifacts/large.bin'), Buffer.alloc(200_000, 7));
    resealed(folder);
    at.site.proxy.changeAt(pick(`change ${name}`, 60_000, 150_000)); // in that file's body, and in no header
    const { code, stderr } = await ship(at);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/is tried again/);
    await expectAllThere(at);
  });

  test('two shippers at once: each episode arrives once', async () => {
    const at = await lab(make, 4);
    for (const { code, stderr } of await Promise.all([ship(at), ship(at)])) expect(code, stderr).toBe(0);
    await expectAllThere(at);
  });

  test('two machines with copies of the same episodes: each arrives once', async () => {
    const at = await lab(make, 6);
    const other = { ...at, output: join(temporaryFolder(), 'episodes') };
    cpSync(at.output, other.output, { recursive: true, preserveTimestamps: true });
    for (const { code, stderr, report } of await Promise.all([ship(at), ship(other)]))
      expect(code, stderr + JSON.stringify(report)).toBe(0);
    await expectAllThere(at);
    await expectAllThere(other);
  });
});

test(`${MANY} small episodes to S3`, async () => {
  const at = await lab(SITES.s3, MANY);
  const { code, report } = await ship(at, '--concurrency', '16');
  expect(code).toBe(0);
  expect(report.episodes).toHaveLength(MANY);
  const there = at.site.arrived();
  expect(markedIn(there, at.ids)).toHaveLength(MANY);
  const sample = at.ids.filter((_, index) => index % 50 === 0).map((id) => join(there, id));
  expect((await cli('episode', 'validate', ...sample)).code).toBe(0);
});
