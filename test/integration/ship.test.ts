import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { filesBelow } from '../../src/core/files/files-below.js';
import { cli, ROOT, readJson, readRows, startCli, temporaryFolder, until, watch } from '../support/cli.js';
import { contentOf, recordedEpisode, resealed, shippable } from '../support/shippable.js';

const schemaOf = (name: string) => {
  const ajv = new Ajv2020({ strict: false });
  return ajv.compile(readJson(join(ROOT, 'schemas', name)));
};

/** A folder of episodes and a folder to ship to. */
async function setUp(count: number) {
  const folder = temporaryFolder();
  const [output, to] = [join(folder, 'episodes'), join(folder, 'there')];
  mkdirSync(to);
  return { folder, output, to, episodes: await shippable(output, count) };
}

async function ship(output: string, to: string, ...more: string[]) {
  const outcome = await cli('ship', '--output', output, '--to', to, '--json', ...more);
  const report = outcome.stdout === '' ? null : JSON.parse(outcome.stdout);
  return { ...outcome, report, states: (report?.episodes ?? []).map(({ state }: { state: string }) => state) };
}

const published = (to: string): string[] => readdirSync(to).filter((name) => !name.startsWith('.'));

async function expectWhole(to: string, episodes: readonly string[]): Promise<void> {
  expect(readdirSync(to).sort()).toEqual(episodes.map((folder) => basename(folder)).sort());
  const { code, stdout } = await cli('episode', 'validate', ...episodes.map((folder) => join(to, basename(folder))));
  expect(code, stdout).toBe(0);
}

test('finished episodes arrive, validate there, and are noted; again is a no-op', async () => {
  const { output, to, episodes } = await setUp(3);
  const first = await ship(output, to);
  expect(first).toMatchObject({ code: 0, states: ['shipped', 'shipped', 'shipped'] });
  const isResult = schemaOf('results/ship.schema.json');
  expect(isResult(first.report), JSON.stringify(isResult.errors)).toBe(true);
  await expectWhole(to, episodes);
  for (const folder of episodes) {
    const paths = filesBelow(folder);
    expect(contentOf(join(to, basename(folder)), paths)).toEqual(contentOf(folder, paths));
  }
  const lines = readRows(join(output, 'shipped.jsonl'));
  const isLine = schemaOf('shipped.schema.json');
  for (const line of lines) expect(isLine(line), JSON.stringify(isLine.errors)).toBe(true);
  expect(lines.map(({ id }) => id).sort()).toEqual(episodes.map((folder) => basename(folder)).sort());
  expect(first.report.sent_bytes).toBe(lines.reduce((sum, { bytes }) => sum + bytes, 0));

  const again = await ship(output, to);
  expect(again).toMatchObject({ code: 0, states: ['noted', 'noted', 'noted'], report: { sent_bytes: 0 } });
  expect(readRows(join(output, 'shipped.jsonl'))).toHaveLength(3);
});

test('without shipped.jsonl what is there is verified, not sent again', async () => {
  const { output, to } = await setUp(2);
  await ship(output, to);
  rmSync(join(output, 'shipped.jsonl'));
  const again = await ship(output, to);
  expect(again).toMatchObject({ code: 0, states: ['already_there', 'already_there'], report: { sent_bytes: 0 } });
  expect(readRows(join(output, 'shipped.jsonl'))).toHaveLength(2);
});

test('what has no marker stays, and is said to', async () => {
  const { output, to, episodes } = await setUp(2);
  rmSync(join(episodes[0]!, 'done.marker'));
  const all = await ship(output, to);
  expect(all).toMatchObject({ code: 0, states: ['shipped'], report: { unfinished: 1 } });
  expect(published(to)).toEqual([basename(episodes[1]!)]);
  const named = await ship(output, to, basename(episodes[0]!));
  expect(named).toMatchObject({ code: 3, states: ['unfinished'] });
  expect(named.report.episodes[0].reason).toBe('it has no done.marker');
});

test('an episode that is being recorded beside it is left alone, and shipped when it has ended', async () => {
  const { output, to } = await setUp(1);
  const recording = startCli(['episode', 'start', '--duration', '60s', '--output', output, '--', 'sleep', '60']);
  onTestFinished(() => void recording.child.kill('SIGKILL'));
  await recording.saw(/phase_started/);
  expect(await ship(output, to)).toMatchObject({ code: 0, states: ['shipped'], report: { unfinished: 1 } });
  recording.child.kill('SIGTERM');
  await recording.outcome;
  expect((await ship(output, to)).states.sort()).toEqual(['noted', 'shipped']);
  expect(published(to)).toHaveLength(2);
});

describe('an episode that is not what its marker says is not published', () => {
  test.each<[string, (folder: string) => void, RegExp]>([
    [
      'a changed byte',
      (folder) => {
        const path = join(folder, 'telemetry/system.jsonl');
        const bytes = readFileSync(path);
        bytes[100]! ^= 1;
        writeFileSync(path, bytes);
      },
      /telemetry\/system\.jsonl is not what done\.marker says/,
    ],
    ['a longer file', (folder) => appendFileSync(join(folder, 'events.jsonl'), '{}\n'), /events\.jsonl has \d+ bytes/],
    ['a missing file', (folder) => rmSync(join(folder, 'labels.jsonl')), /labels\.jsonl does not exist/],
    ['a file more', (folder) => writeFileSync(join(folder, 'artifacts/x'), ''), /artifacts\/x is not in done\.marker/],
    [
      'a link for a file',
      (folder) => {
        renameSync(join(folder, 'meta.json'), join(folder, '../meta.json'));
        symlinkSync(join(folder, '../meta.json'), join(folder, 'meta.json'));
      },
      /meta\.json is no file/,
    ],
    ['a marker of no form', (folder) => writeFileSync(join(folder, 'done.marker'), '{}'), /is not what its schema/],
    [
      'a path that leaves',
      (folder) => {
        const path = join(folder, 'done.marker');
        writeFileSync(path, readFileSync(path, 'utf8').replace('"events.jsonl"', '"../events.jsonl"'));
      },
      /"\.\.\/events\.jsonl", which leaves the folder/,
    ],
  ])('%s', async (_, harm, reason) => {
    const { output, to, episodes } = await setUp(2);
    harm(episodes[0]!);
    const { code, states, report } = await ship(output, to, '--delete-after');
    expect([code, ...states]).toEqual([3, 'changed', 'shipped']);
    expect(report.episodes[0].reason).toMatch(reason);
    expect(published(to)).toEqual([basename(episodes[1]!)]);
    expect(existsSync(episodes[0]!)).toBe(true);
  });

  test('another id than its folder has', async () => {
    const { output, to, episodes } = await setUp(1);
    const other = join(output, '01M8K4ZCJJQBE3BE973NKZPMGR');
    renameSync(episodes[0]!, other);
    expect(await ship(output, to)).toMatchObject({ code: 3, states: ['changed'] });
    expect(published(to)).toEqual([]);
  });
});

test('the same id with other content is a conflict: told, and nothing there is changed', async () => {
  const { output, to, episodes } = await setUp(1);
  await ship(output, to);
  const there = join(to, basename(episodes[0]!));
  const before = contentOf(there, filesBelow(there));
  const label = await cli(
    'episode',
    'label',
    episodes[0]!,
    '--revises',
    '0',
    '--label',
    'benign',
    '--why',
    'x',
    '--by',
    'me',
  );
  expect(label.code, label.stderr).toBe(0);
  const again = await ship(output, to, '--delete-after');
  expect(again).toMatchObject({ code: 3, states: ['conflict'] });
  expect(again.report.episodes[0].reason).toMatch(/has another .*relabelling; nothing there was changed/);
  expect(contentOf(there, filesBelow(there))).toEqual(before);
  expect(existsSync(episodes[0]!)).toBe(true);
});

test('what was damaged there is told, and not written over', async () => {
  const { output, to, episodes } = await setUp(1);
  await ship(output, to);
  rmSync(join(output, 'shipped.jsonl'));
  writeFileSync(join(to, basename(episodes[0]!), 'events.jsonl'), '{}\n');
  const again = await ship(output, to);
  expect(again).toMatchObject({ code: 3, states: ['conflict'] });
  expect(again.report.episodes[0].reason).toMatch(/events\.jsonl; it was damaged there/);
});

describe('--delete-after', () => {
  test('removes the local copy when it was verified there, and is never the default', async () => {
    const { output, to, episodes } = await setUp(2);
    await ship(output, to);
    expect(episodes.every((folder) => existsSync(folder))).toBe(true);
    const { code, report } = await ship(output, to, '--delete-after');
    expect([code, ...report.episodes.map((each: { is_removed: boolean }) => each.is_removed)]).toEqual([0, true, true]);
    expect(readdirSync(output)).toEqual(['shipped.jsonl']);
    await expectWhole(to, episodes);
  });

  test.each(['the folder itself', 'a link to it'])('removes nothing where the destination is %s', async (what) => {
    const { output, folder, episodes } = await setUp(1);
    symlinkSync(output, join(folder, 'link'));
    const to = what === 'a link to it' ? join(folder, 'link') : output;
    const { code, report } = await ship(output, to, basename(episodes[0]!), '--delete-after');
    expect(code).toBe(1);
    expect(report.stopped).toMatch(/has no .* but the one here: nothing was removed/);
    expect((await cli('episode', 'validate', episodes[0]!)).code).toBe(0);
  });

  test('what a killed run had put aside gets its name back, and what it had begun to remove or to pack goes', async () => {
    const { output, to, episodes } = await setUp(3);
    const [leaving, gone, packed] = episodes.map((folder) => basename(folder));
    renameSync(episodes[0]!, join(output, `.${leaving}.leaving.0123abcd`));
    renameSync(episodes[1]!, join(output, `.${gone}.gone.0123abcd`));
    renameSync(episodes[2]!, join(output, `.${packed}.packed.0123abcd`));
    writeFileSync(join(output, `.${packed}.gone.0123abcd`), 'no folder');
    const { code, states } = await ship(output, to, leaving!);
    expect([code, ...states]).toEqual([0, 'shipped']);
    expect(readdirSync(output).sort()).toEqual([`.${packed}.gone.0123abcd`, leaving, 'shipped.jsonl']);
  });

  test('what another run has put aside and is at work on is left alone', async () => {
    const { output, to, episodes } = await setUp(2);
    const aside = join(output, `.${basename(episodes[0]!)}.leaving.0123abcd`);
    renameSync(episodes[0]!, aside);
    const holder = startHolder(aside);
    await holder.saw(/held/);
    expect((await ship(output, to)).states).toEqual(['shipped']);
    expect(existsSync(aside)).toBe(true);
    holder.child.stdin!.end();
    await holder.outcome;
    expect((await ship(output, to)).states.sort()).toEqual(['noted', 'shipped']);
  });

  test('again, by id or by folder, is a no-op', async () => {
    const { output, to, episodes } = await setUp(1);
    const id = basename(episodes[0]!);
    expect((await ship(output, to, id, '--delete-after')).states).toEqual(['shipped']);
    expect(await ship(output, to, id, '--delete-after')).toMatchObject({ code: 0, states: ['noted'] });
    expect(await ship(output, to, output)).toMatchObject({ code: 0, states: [] });
    expect((await ship(output, to, '01M8K4ZCJJQBE3BE973NKZPMGR')).code).toBe(4);
  });
});

/** Holds the lock of a folder until its stdin ends, as a run at work does. */
const startHolder = (folder: string) => watch(spawn('flock', [folder, 'sh', '-c', 'echo held; exec cat']));

test('an episode that is being relabelled is waited for', async () => {
  const { output, to, episodes } = await setUp(1);
  const [marker, former] = ['done.marker', '.former.marker'].map((name) => join(episodes[0]!, name));
  renameSync(marker!, former!);
  const holder = startHolder(episodes[0]!);
  await holder.saw(/held/);
  const running = startCli(['ship', basename(episodes[0]!), '--output', output, '--to', to, '--json']);
  await running.saw(/is tried again: another process/);
  renameSync(former!, marker!);
  holder.child.stdin!.end();
  const { code, stdout } = await running.outcome;
  expect([code, JSON.parse(stdout).episodes[0].state]).toEqual([0, 'shipped']);
});

test('what is odd in the folder of episodes keeps no other from going', async () => {
  const { output, to } = await setUp(1);
  writeFileSync(join(output, '01M8K4ZCJJQBE3BE973NKZPMGR'), 'a file');
  mkdirSync(join(output, '01M8K4ZD9PDPWSX5JAT2SKMXAH'));
  symlinkSync('/etc', join(output, '01M8K4ZE0P83BC938299EH5T4S'));
  expect(await ship(output, to)).toMatchObject({ code: 0, states: ['shipped'], report: { unfinished: 1 } });
});

test('--dry-run checks and looks up, and changes nothing', async () => {
  const { output, to, episodes } = await setUp(3);
  await ship(output, to, basename(episodes[0]!));
  rmSync(join(output, 'shipped.jsonl'));
  appendFileSync(join(episodes[1]!, 'events.jsonl'), 'x');
  const { code, states, report } = await ship(output, to, '--dry-run', '--delete-after');
  expect([code, ...states]).toEqual([3, 'already_there', 'changed', 'would_ship']);
  expect(report).toMatchObject({ is_dry_run: true, sent_bytes: 0 });
  expect(readdirSync(to)).toEqual([basename(episodes[0]!)]);
  expect(readdirSync(output).sort()).toEqual(episodes.map((folder) => basename(folder)).sort());
});

describe('--watch', () => {
  test('ships what is there, then what becomes finished, until a signal', async () => {
    const { folder, output, to } = await setUp(1);
    const running = startCli(['ship', '--output', output, '--to', to, '--watch', '--json']);
    onTestFinished(() => void running.child.kill('SIGKILL'));
    await until(() => published(to).length === 1);
    const [late] = await shippable(join(folder, 'elsewhere'), 1);
    renameSync(join(late!, 'done.marker'), join(folder, 'marker'));
    renameSync(late!, join(output, basename(late!)));
    renameSync(join(folder, 'marker'), join(output, basename(late!), 'done.marker'));
    await until(() => published(to).length === 2, 30_000);
    await until(() => readRows(join(output, 'shipped.jsonl')).length === 2);
    running.child.kill('SIGTERM');
    const { code, stdout, stderr } = await running.outcome;
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).episodes.map(({ state }: { state: string }) => state)).toEqual(['shipped', 'shipped']);
  });

  test('a signal in the middle of an episode ends it soon, and the episode stays', async () => {
    const { output, to, episodes } = await setUp(1);
    const running = startCli(['ship', '--output', output, '--to', to, '--watch', '--json', '--bandwidth', '4KiB']);
    onTestFinished(() => void running.child.kill('SIGKILL'));
    await until(() => readdirSync(to).length > 0);
    running.child.kill('SIGTERM');
    const { code, stdout } = await running.outcome;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ episodes: [], untried: 1 });
    expect(published(to)).toEqual([]);
    expect(existsSync(episodes[0]!)).toBe(true);
  });

  test('one that failed and arrives later has arrived: the exit code is 0', async () => {
    const { folder, output } = await setUp(1);
    withPlugin(folder);
    writeFileSync(join(folder, 'script'), 'passing');
    const args = toMemory(folder);
    const running = startCli([...args, '--watch', '--retries', '0'], { cwd: folder });
    onTestFinished(() => void running.child.kill('SIGKILL'));
    await running.saw(/not shipped/);
    await until(() => existsSync(join(output, 'shipped.jsonl')), 30_000);
    await running.saw(/ shipped,/);
    running.child.kill('SIGTERM');
    const { code, stdout } = await running.outcome;
    expect(code).toBe(0);
    expect(JSON.parse(stdout).episodes).toMatchObject([{ state: 'shipped' }]);
  });

  test('an output folder that is made later is watched too', async () => {
    const { folder, to } = await setUp(0);
    const output = join(folder, 'later');
    const running = startCli(['ship', '--output', output, '--to', to, '--watch']);
    onTestFinished(() => void running.child.kill('SIGKILL'));
    await until(() => existsSync(output));
    await shippable(output, 1);
    await until(() => published(to).length === 1, 30_000);
    running.child.kill('SIGTERM');
    expect((await running.outcome).code).toBe(0);
  });
});

test('a signal ends a run: what was begun is gone on with by the next one', async () => {
  const { output, to, episodes } = await setUp(1);
  const running = startCli(['ship', '--output', output, '--to', to, '--bandwidth', '4KiB']);
  await until(() => readdirSync(to).length > 0);
  running.child.kill('SIGINT');
  expect((await running.outcome).code).toBe(130);
  expect(published(to)).toEqual([]);
  expect(await ship(output, to)).toMatchObject({ code: 0, states: ['shipped'] });
  await expectWhole(to, episodes);
});

test('a signal while a compressed copy is sent leaves nothing of it', async () => {
  const { output, to, episodes } = await setUp(1);
  const running = startCli([
    'ship',
    '--output',
    output,
    '--to',
    to,
    '--compress',
    'gzip',
    '--bandwidth',
    '1KiB',
    '--json',
  ]);
  await until(() => readdirSync(to).length > 0);
  running.child.kill('SIGTERM');
  const { code, stdout } = await running.outcome;
  expect([code, JSON.parse(stdout).untried]).toEqual([143, 1]);
  expect(readdirSync(output)).toEqual([basename(episodes[0]!)]);
});

describe('--compress', () => {
  test('gzip: what arrives validates as it stands, and unpacks to the very files', async () => {
    const { output, to, episodes } = await setUp(1);
    expect(await ship(output, to, '--compress', 'gzip')).toMatchObject({ code: 0, states: ['shipped'] });
    const there = join(to, basename(episodes[0]!));
    await expectWhole(to, episodes);
    const names = filesBelow(there);
    expect(names.filter((path) => !path.endsWith('.gz')).sort()).toEqual(['done.marker', 'meta.json']);
    expect(readRows(join(output, 'shipped.jsonl'))[0]).toMatchObject({ compression: 'gzip' });
    rmSync(join(output, 'shipped.jsonl'));
    expect((await ship(output, to, '--compress', 'gzip')).states).toEqual(['already_there']);
    expect((await ship(output, to)).states).toEqual(['noted']);
    const onward = await ship(to, join(output, '..'), basename(there));
    expect(onward).toMatchObject({ code: 3, states: ['changed'] });
    expect(onward.report.episodes[0].reason).toMatch(
      /\.jsonl is there as \S+\.gz: unpack the episode first, with "gunzip -r DIR"/,
    );
    execFileSync('gunzip', ['-r', there]);
    expect(contentOf(there, filesBelow(episodes[0]!))).toEqual(contentOf(episodes[0]!, filesBelow(episodes[0]!)));
    expect(readdirSync(output).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('what is compressed already, and what would take its name, stays as it is', async () => {
    const { output, to, episodes } = await setUp(1);
    const artifacts = join(episodes[0]!, 'artifacts');
    writeFileSync(join(artifacts, 'x'), 'x'.repeat(1000));
    writeFileSync(join(artifacts, 'y'), 'y'.repeat(1000));
    execFileSync('gzip', ['-k', join(artifacts, 'x')]);
    resealed(episodes[0]!);
    expect((await ship(output, to, '--compress', 'gzip')).states).toEqual(['shipped']);
    expect(readdirSync(join(to, basename(episodes[0]!), 'artifacts')).sort()).toEqual(['x', 'x.gz', 'y.gz']);
    await expectWhole(to, episodes);
  });

  test('a byte that is changed in a compressed file is a violation, and so is one that unpacks to more', async () => {
    const { output, to, episodes } = await setUp(1);
    await ship(output, to, '--compress', 'gzip');
    const path = join(to, basename(episodes[0]!), 'events.jsonl.gz');
    const bytes = readFileSync(path);
    const validate = () => cli('episode', 'validate', join(to, basename(episodes[0]!)));
    for (const fromEnd of [4, 8, 10, 11, 12, 60, bytes.length]) {
      const changed = Buffer.from(bytes);
      changed[bytes.length - fromEnd]! ^= 0x10;
      writeFileSync(path, changed);
      expect(await validate()).toMatchObject({ code: 3, stdout: expect.stringMatching(/events\.jsonl: /) });
    }
    rmSync(path);
    writeFileSync(join(to, 'bomb'), Buffer.alloc(50_000_000));
    execFileSync('gzip', [join(to, 'bomb')]);
    renameSync(join(to, 'bomb.gz'), path);
    expect(await validate()).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/unpacks to more than the \d+ bytes/),
    });
  });

  test('zstd: as gzip where this Node has it, else a sentence', async () => {
    const { output, to, episodes } = await setUp(1);
    const { code, report, states } = await ship(output, to, '--compress', 'zstd');
    if (Number(process.versions.node.split('.')[0]) < 22) {
      expect([code, report.error.code]).toEqual([4, 'COMPRESSION_UNAVAILABLE']);
      expect(readdirSync(to)).toEqual([]);
      return;
    }
    expect([code, ...states]).toEqual([0, 'shipped']);
    await expectWhole(to, episodes);
  });
});

describe('the section "ship" of the configuration', () => {
  async function configured(section: unknown) {
    const { folder, output, to, episodes } = await setUp(1);
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ output: 'episodes', ship: section }));
    return {
      folder,
      output,
      to,
      episodes,
      run: (...more: string[]) => cli('ship', '--config', config, '--json', ...more),
    };
  }

  test('says where and how; its folder is from the file', async () => {
    const { run, to, output, episodes } = await configured({ to: 'there', delete_after: true, compress: 'gzip' });
    const { code, stderr } = await run();
    expect(code, stderr).toBe(0);
    await expectWhole(to, episodes);
    expect(readdirSync(output)).toEqual(['shipped.jsonl']);
    expect(existsSync(join(to, basename(episodes[0]!), 'events.jsonl.gz'))).toBe(true);
  });

  test('flags go over it', async () => {
    const { run, folder, to, episodes } = await configured({
      to: 'nowhere',
      options: { x: 1 },
      delete_after: true,
      compress: 'gzip',
    });
    const { code, stderr } = await run('--to', to, '--no-delete-after', '--compress', 'none');
    expect(code, stderr).toBe(0);
    expect(existsSync(join(to, basename(episodes[0]!), 'events.jsonl'))).toBe(true);
    expect(existsSync(episodes[0]!)).toBe(true);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  test.each([
    [{ to: 'there', concurrency: 0 }, /ship\.concurrency is 0; it must be >= 1/],
    [{ to: 'there', bandwidth: 'fast' }, /ship\.bandwidth is "fast"/],
    [{ to: 'there', compress: 'xz' }, /ship\.compress is "xz"; it must be one of "none", "gzip", "zstd"/],
    [{ to: 'there', speed: 1 }, /ship\.speed: there is no such key/],
    ['there', /ship is "there"; it must be object/],
  ])('%j is refused', async (section, message) => {
    const { run, to } = await configured(section);
    const { code, stdout } = await run();
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error.problems.join()).toMatch(message);
    expect(readdirSync(to)).toEqual([]);
  });

  test.each([
    [undefined, { to: null, options: {}, concurrency: 4, bandwidth_bytes_per_second: null }],
    [
      { to: 's3://x/y', options: { token: 'secret' }, bandwidth: '1.5KiB/s', compress: 'zstd' },
      { to: 's3://x/y', options: { token: '[redacted]' }, bandwidth_bytes_per_second: 1536, compress: 'zstd' },
    ],
  ])('"config show" shows %j with its defaults', async (ship, shown) => {
    const config = join(temporaryFolder(), 'config.json');
    writeFileSync(config, JSON.stringify({ target: { type: 'command', argv: ['true'] }, ship }));
    const { stdout } = await cli('config', 'show', '--config', config, '--json');
    expect(JSON.parse(stdout).config.ship).toMatchObject({ retries: 5, delete_after: false, ...shown });
  });

  test.each([
    [{ to: 's3://x/y', options: { path_stile: true } }, 'DESTINATION_OPTIONS', /path_stile/],
    [{ to: 'gopher://x/y' }, 'DESTINATION_UNKNOWN', /gopher/],
    [{ to: 'x', bandwidth: '0KiB' }, 'USAGE', /0KiB/],
  ])('"config validate" tells what "ship" would refuse: %j', async (ship, code, message) => {
    const config = join(temporaryFolder(), 'config.json');
    writeFileSync(config, JSON.stringify({ target: { type: 'command', argv: ['true'] }, ship }));
    const { code: exitCode, stdout } = await cli('config', 'validate', '--config', config, '--json');
    const { error } = JSON.parse(stdout);
    expect([exitCode, error.code]).toEqual([2, code]);
    expect(JSON.stringify(error)).toMatch(message);
  });

  test('an episode is recorded with it as without', async () => {
    const { folder } = await setUp(0);
    const config = join(folder, 'config.json');
    const target = { type: 'command', argv: ['sleep', '9'] };
    const ship = { to: 's3://x/y', options: { endpoint: 'http://localhost' } };
    writeFileSync(config, JSON.stringify({ target, duration: '100ms', output: 'episodes', ship }));
    expect((await cli('config', 'validate', '--config', config)).code).toBe(0);
    expect((await cli('episode', 'start', '--config', config)).code).not.toBe(2);
  });
});

describe('what can not begin says so', () => {
  test.each([
    [[], 2, /there is no destination/],
    [['--to', 'gopher://x/y'], 2, /no destination takes gopher:\/\/; there are .*file/],
    [['--to', '/nowhere/at/all'], 4, /the folder \/nowhere\/at\/all does not exist/],
    [['--to', '.', '--option', 'x=1'], 2, /options\.x: there is no such key/],
    [['--to', '.', '--option', 'x'], 2, /--option is "x"; it must be like NAME=VALUE/],
    [['--to', '.', '--bandwidth', '0KiB'], 2, /the bandwidth is "0KiB"/],
    [['--to', '.', '--watch', '--dry-run'], 2, /--watch takes no --dry-run/],
    [['--to', '.', '--watch', 'x'], 2, /--watch takes no episodes, not "x"/],
    [['--to', '.', 'nothing-here'], 4, /"nothing-here" stands for no episode/],
  ])('%j', async (args, code, message) => {
    const { output, folder } = await setUp(0);
    const outcome = await startCli(['ship', '--output', output, ...args], { cwd: folder }).outcome;
    expect(outcome.stderr).toMatch(message);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).not.toMatch(/^ +at /m);
  });

  test('a folder of episodes that is not there is a slip of the pen, and is not made', async () => {
    const { folder, to } = await setUp(0);
    for (const more of [[], ['--dry-run']]) {
      const { code, report } = await ship(join(folder, 'episoeds'), to, ...more);
      expect([code, report.error.code]).toEqual([4, 'EPISODE_NOT_FOUND']);
    }
    expect(readdirSync(folder)).not.toContain('episoeds');
  });

  test.each(['itself', 'a link to it'])('the folder of the episodes is no place to ship them to: %s', async (what) => {
    const { folder, output } = await setUp(1);
    symlinkSync(output, join(folder, 'link'));
    const { code, report } = await ship(output, what === 'itself' ? output : join(folder, 'link'));
    expect([code, report.error.code]).toEqual([4, 'DESTINATION_UNUSABLE']);
    expect(existsSync(join(output, 'shipped.jsonl'))).toBe(false);
  });

  test('what can not be made is told at once', async () => {
    const { to } = await setUp(0);
    expect((await ship('/proc/cis490', to, '--watch')).report.error.code).toBe('OUTPUT_UNWRITABLE');
  });

  test('an empty folder has nothing to ship', async () => {
    const { output, to } = await setUp(0);
    expect(await ship(output, to)).toMatchObject({ code: 0, states: [] });
  });
});

/** The command that ships to the plugin's memory, in a folder that has it. */
const toMemory = (folder: string): string[] => [
  ...['ship', '--config', join(folder, 'config.json'), '--to', 'memory://x', '--option', `folder=${folder}`, '--json'],
];

/** A package that brings a destination: it does what the file `script` says, a word per call of put. */
function withPlugin(folder: string, manifest: object = {}, source?: string) {
  const place = join(folder, 'node_modules/cis490-plugin-memory');
  mkdirSync(place, { recursive: true });
  const destinations = { memory: { schemes: ['memory'], module: './index.js' } };
  writeFileSync(
    join(place, 'package.json'),
    JSON.stringify({
      name: 'cis490-plugin-memory',
      type: 'module',
      cis490: { apiVersion: 1, destinations, ...manifest },
    }),
  );
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(ROOT, join(folder, 'node_modules/cis490'));
  writeFileSync(join(place, 'index.js'), source ?? readFileSync(join(ROOT, 'test/plugins/memory-destination.mjs')));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ plugins: ['cis490-plugin-memory'], output: 'episodes' }));
}

/** One whose `open` gives nothing that could be called. */
const HOLLOW = `export default { apiVersion: 1, name: 'memory', open: async () => ({}),
  options: { type: 'object', additionalProperties: false, properties: {} } };`;

const THROWING = `export default { apiVersion: 1, name: 'memory', open: async () => { throw new Error('no door'); },
  options: { type: 'object', additionalProperties: false, properties: {} } };`;

describe('a destination that comes with a package', () => {
  async function scripted(words: readonly string[], count = 1, ...more: string[]) {
    const { folder, output, episodes } = await setUp(count);
    withPlugin(folder);
    writeFileSync(join(folder, 'script'), words.join(' '));
    const outcome = await startCli([...toMemory(folder), ...more], { cwd: folder }).outcome;
    const report = JSON.parse(outcome.stdout);
    return { ...outcome, report, output, episodes, calls: readFileSync(join(folder, 'calls'), 'utf8').split('\n') };
  }

  test('is found by its scheme, gets its options, and is closed', async () => {
    const { code, report, calls, stderr } = await scripted([]);
    expect(code, stderr).toBe(0);
    expect(report).toMatchObject({ to: 'memory://x', episodes: [{ state: 'shipped', attempts: 1 }] });
    expect(calls.filter((call) => call !== '')).toEqual([
      'open greeting=hello',
      'exists',
      'put',
      'verify draft',
      'publish',
      'exists',
      'close',
    ]);
  });

  test('a trouble that may pass is met with another attempt, from the beginning', async () => {
    const { code, report, stderr } = await scripted(['passing', 'passing']);
    expect(code, stderr).toBe(0);
    expect(report.episodes[0]).toMatchObject({ state: 'shipped', attempts: 3 });
    expect(stderr).toMatch(/is tried again: the line is noisy/);
  });

  test.each(['faster-passing', 'faster-conflict'])(
    'another run publishes it during the last attempt (%s): it is compared, and the draft is discarded',
    async (word) => {
      const { code, report, calls, stderr } = await scripted([word], 1, '--retries', '0');
      expect(code, stderr).toBe(0);
      expect(report.episodes[0]).toMatchObject({ state: 'already_there', attempts: 1 });
      expect(calls.slice(-5)).toEqual(['exists', 'discard true', 'verify published', 'close', '']);
    },
  );

  test('the id is taken by what is no episode: a conflict, and the draft is discarded', async () => {
    const { code, report, calls } = await scripted(['faster-conflict-none']);
    expect(code).toBe(3);
    expect(report.episodes[0]).toMatchObject({ state: 'conflict', attempts: 1 });
    expect(calls.slice(-4)).toEqual(['exists', 'discard true', 'close', '']);
  });

  test('a byte that was changed on the way is found, and sent again', async () => {
    const { code, report, stderr } = await scripted(['corrupt']);
    expect(code, stderr).toBe(0);
    expect(report.episodes[0]).toMatchObject({ state: 'shipped', attempts: 2 });
    expect(stderr).toMatch(/what arrived at memory:\/\/x is not what was sent: events\.jsonl/);
  });

  test('when the attempts are used up the episode stays, the others go on, and the run has failed', async () => {
    const { code, report, output } = await scripted(['passing', 'passing'], 2, '--retries', '1', '--concurrency', '1');
    expect(code).toBe(1);
    expect(report.episodes.map(({ state }: { state: string }) => state).sort()).toEqual(['failed', 'shipped']);
    expect(readRows(join(output, 'shipped.jsonl'))).toHaveLength(1);
  });

  test('where nothing arrives any more, the run stops', async () => {
    const words = Array.from({ length: 40 }, () => 'passing');
    const { code, report } = await scripted(words, 6, '--retries', '0', '--concurrency', '1');
    expect(code).toBe(1);
    expect(report.stopped).toMatch(/3 episodes in a row could not be sent: the line is noisy/);
    expect(report.episodes).toHaveLength(3);
    expect(report.untried).toBe(3);
  });

  test('what can not pass stops the run at once', async () => {
    const { code, report, episodes, stderr } = await scripted(['ok', 'lasting'], 4, '--concurrency', '1');
    expect(code).toBe(1);
    expect(report).toMatchObject({ stopped: 'the door is shut', hint: 'Knock.', untried: 2 });
    expect(report.episodes.map(({ state }: { state: string }) => state)).toEqual(['shipped', 'failed']);
    expect(episodes).toHaveLength(4);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test('what it throws that is no trouble of the contract fails the episode, in a sentence', async () => {
    const { code, report } = await scripted(['bug'], 1);
    expect(code).toBe(1);
    expect(report.episodes[0]).toMatchObject({ state: 'failed', attempts: 1, reason: 'undefined is not a function' });
  });

  test('one that ends the process has not shipped anything, and the exit code says so', async () => {
    const { folder } = await setUp(1);
    withPlugin(folder);
    writeFileSync(join(folder, 'script'), 'exit');
    const { code, stdout, stderr } = await startCli(toMemory(folder), { cwd: folder }).outcome;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/the run was ended from within, by its destination/);
  });

  test('one whose "open" throws what nobody foresaw is named', async () => {
    const { folder } = await setUp(1);
    withPlugin(folder, {}, THROWING);
    const { code, stderr } = await startCli(toMemory(folder).slice(0, -3), { cwd: folder }).outcome;
    expect(code).toBe(4);
    expect(stderr).toMatch(/the destination "memory" of "cis490-plugin-memory" can not be opened: no door/);
    expect(stderr).not.toMatch(/^ +at |defect of cis490/m);
  });

  test('one whose package is named by a path is told to be named by its name', async () => {
    const { folder } = await setUp(1);
    withPlugin(folder);
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ plugins: ['./node_modules/cis490-plugin-memory'] }));
    const { code, stderr } = await cli('ship', '--config', config, '--to', 'memory://x');
    expect(code).toBe(2);
    expect(stderr).toMatch(/named by its package; \.\/node_modules\/cis490-plugin-memory under "plugins" is a path/);
  });

  test.each(['verify-false', 'verify-set', 'exists-true'])(
    'an answer that is none (%s) stops the run, and removes nothing',
    async (word) => {
      const { code, report, episodes } = await scripted([word], 1, '--delete-after');
      expect(code).toBe(1);
      expect(report.stopped).toMatch(/the destination "memory" breaks its contract: it answers/);
      expect(existsSync(episodes[0]!)).toBe(true);
    },
  );

  test('an episode that can not go there is told, and the others go', async () => {
    const { code, report } = await scripted(['refused'], 2, '--concurrency', '1');
    expect([code, report.stopped]).toEqual([1, null]);
    expect(report.episodes.map(({ state }: { state: string }) => state)).toEqual(['failed', 'shipped']);
  });

  test("one that does not heed the signal is not waited for without end, and what it throws in its close is nobody's", async () => {
    const { folder, output } = await setUp(1);
    withPlugin(folder);
    writeFileSync(join(folder, 'script'), 'hang');
    const args = toMemory(folder);
    const running = startCli(args, { cwd: folder });
    await until(() => existsSync(join(folder, 'calls')) && readFileSync(join(folder, 'calls'), 'utf8').includes('put'));
    running.child.kill('SIGTERM');
    const { code, stdout } = await running.outcome;
    expect([code, JSON.parse(stdout).untried]).toEqual([143, 1]);
    expect(readdirSync(output)).toHaveLength(1);
  });

  test('two places that the environment tells apart are two', async () => {
    const { folder } = await setUp(1);
    withPlugin(folder);
    const args = toMemory(folder);
    const at = async (MEMORY_AT: string) => {
      const { stdout } = await startCli(args, { cwd: folder, env: { MEMORY_AT } }).outcome;
      return JSON.parse(stdout).episodes[0].state;
    };
    expect([await at('one'), await at('one'), await at('two')]).toEqual(['shipped', 'noted', 'shipped']);
  });

  test.each([
    [{ destinations: { memory: { schemes: [], module: './index.js' } } }, undefined, 'PLUGIN_MANIFEST'],
    [{ destinations: { memory: { schemes: ['memory'], module: './none.js' } } }, undefined, 'PLUGIN_ENTRY_MISSING'],
    [{ apiVersion: 9 }, undefined, 'PLUGIN_API_VERSION'],
    [{}, 'export default {}', 'PLUGIN_EXPORT'],
    [{}, 'import "nothing-like-it"', 'PLUGIN_LOAD'],
    [{}, HOLLOW, 'DESTINATION_UNUSABLE'],
    [
      { destinations: { memory: { schemes: ['memory', 'file'], module: './index.js' } } },
      undefined,
      'PLUGIN_NAME_TAKEN',
    ],
  ])('%j %s is refused as %s', async (manifest, source, code) => {
    const { folder } = await setUp(0);
    withPlugin(folder, manifest, source);
    const to = code === 'PLUGIN_NAME_TAKEN' ? folder : 'memory://x';
    const outcome = await cli('ship', '--config', join(folder, 'config.json'), '--to', to, '--json');
    expect(JSON.parse(outcome.stdout).error.code).toBe(code);
  });
});

test('a bandwidth limit holds for all of them together', async () => {
  const { output, to, episodes } = await setUp(2);
  const bytes = episodes.flatMap((folder) => filesBelow(folder).map((path) => statSync(join(folder, path)).size));
  const total = bytes.reduce((sum, each) => sum + each, 0);
  const begun = performance.now();
  expect((await ship(output, to, '--bandwidth', '64KiB')).states).toEqual(['shipped', 'shipped']);
  // but for the last piece, a quarter of a second
  expect(performance.now() - begun).toBeGreaterThan((total / 65_536 - 0.26) * 1000);
});

test('the recorded original is itself whole', async () => {
  expect((await cli('episode', 'validate', await recordedEpisode())).code).toBe(0);
});
