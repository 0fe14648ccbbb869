import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseJson } from '../../../src/core/json/exact-json.js';
import qmp from '../../../src/plugins/qmp/index.js';
import { FIXTURE_FACTS } from '../../../src/testing/fixture-case.js';
import { Trial } from '../../../src/testing/trial.js';
import { captured } from '../../support/fake-monitor.js';
import { monitorThat } from '../support/monitors.js';

const FIXTURES = join(import.meta.dirname, '../../../src/plugins/qmp/fixtures');

/** The row of a QEMU that answers so, as it would be in the file but for the host's columns. */
async function rowOf(name: string): Promise<string> {
  const { path } = await monitorThat(captured(name));
  const machine = {
    roots: { proc: '/proc', sys: '/sys' },
    target: null,
    facts: FIXTURE_FACTS,
    options: { socket: path },
  };
  const trial = await Trial.create(qmp, machine);
  try {
    await trial.start();
    await trial.sample(0);
    trial.requireValidRows();
    return trial.rows[0]!;
  } finally {
    await trial.stop();
    trial.close();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a row, read back
const columnsOf = async (name: string): Promise<any> => parseJson(await rowOf(name));

/** `vitest run -u` writes the expected rows anew. */
test.each([
  'guest-with-balloon-and-two-disks',
  'balloon-without-driver',
  'neither-disk-nor-balloon',
  'counters-of-64-bits',
  'answers-of-no-known-form',
])('"%s": the row is as expected', async (name) => {
  await expect(`${await rowOf(name)}\n`).toMatchFileSnapshot(join(FIXTURES, `${name}.expected.jsonl`));
});

test('disks are told apart, also those that were given by -blockdev, and the totals are theirs', async () => {
  const row = await columnsOf('guest-with-balloon-and-two-disks');
  expect(row.blocks.map((disk: { name: string }) => disk.name)).toEqual([
    'd0',
    '/machine/peripheral/vblk1/virtio-backend',
  ]);
  expect(row.blocks[0]).toMatchObject({ write_bytes: 8 * 1024 * 1024, highest_write_offset_bytes: 8 * 1024 * 1024 });
  expect(row.block_read_bytes).toBe(row.blocks[0].read_bytes + row.blocks[1].read_bytes);
  expect(row.vcpus).toEqual([
    { vcpu: 0, tid: 28773 },
    { vcpu: 1, tid: 28774 },
  ]);
});

test('what a guest without a balloon driver does not tell is null, not 2^64 - 1', async () => {
  const row = await columnsOf('balloon-without-driver');
  expect(row).toMatchObject({
    run_state: 'prelaunch',
    balloon_actual_bytes: 32 * 1024 * 1024,
    balloon_updated_s: null,
  });
  expect(row).toMatchObject({ balloon_free_bytes: null, balloon_swap_in_bytes: null, balloon_minor_faults: null });
});

test('counters come out to the last digit; a total beyond 64 bits is null', async () => {
  const row = await columnsOf('counters-of-64-bits');
  expect(row.blocks[0]).toMatchObject({ read_bytes: 2n ** 64n - 1n, write_bytes: 9007199254740993n });
  expect(row).toMatchObject({
    block_read_bytes: null,
    block_write_bytes: 9007199254740994n,
    block_errors: 9007199254740995n,
  });
  expect(row.blocks[1]).toMatchObject({ writes: null, flushes: null, read_errors: null, read_time_ns: null });
});
