import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { OWNER_MARK } from '../../src/core/recorder/owner-mark.js';
import { QemuTarget } from '../../src/core/targets/qemu-target.js';
import type { WallAnchor } from '../../src/core/time/wall-anchor.js';
import { labImage, labTest, until } from '../support/lab.js';
import { plannedVm } from '../unit/support/planned-vm.js';
import { temporaryFolder } from '../unit/support/temporary-folder.js';

const anchor = (): WallAnchor => ({
  monotonicNs: process.hrtime.bigint(),
  realtimeNs: BigInt(Date.now()) * 1_000_000n,
  errorNs: 1_000_000,
});

/** A target with a lab and a folder for temporary files of its own: what is left in those is left by it. */
function targetIn(parts: Parameters<typeof plannedVm>[0]) {
  const [tmp, artifacts] = [temporaryFolder(), temporaryFolder()];
  vi.stubEnv('TMPDIR', tmp);
  vi.stubEnv('CIS490_LAB', temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  const episodeId = `TEST${process.pid}`;
  const target = new QemuTarget({ planned: plannedVm(parts), episodeId, artifact: (name) => join(artifacts, name) });
  onTestFinished(async () => void (await target.close()));
  return { tmp, target, episodeId };
}

/** Processes that were started for this episode. */
const processesOf = (episodeId: string) =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`CIS490_EPISODE=${episodeId}`);
    } catch {
      return false;
    }
  });

const folders = (tmp: string) => readdirSync(tmp).filter((name) => new RegExp(`^cis490-${OWNER_MARK}`).test(name));
const runs = (tmp: string, name: string) => folders(tmp).some((folder) => existsSync(join(tmp, folder, name)));

labTest('a start that is given up leaves nothing, in whatever stage it is', async (context) => {
  const { folder } = await labImage(context);
  const stages: Record<string, (tmp: string, episodeId: string) => boolean> = {
    'at once': () => true,
    'there is a run folder': (tmp) => folders(tmp).length > 0,
    'a disk was made': (tmp) => runs(tmp, 'scratch.qcow2'),
    'QEMU runs': (_, episodeId) => processesOf(episodeId).length > 0,
    'its monitor is there': (tmp) => runs(tmp, 'control.sock'),
    'its state is being saved': (tmp) => runs(tmp, 'state.sock'),
  };
  for (const [stage, is] of Object.entries(stages)) {
    const { tmp, target, episodeId } = targetIn({ image: folder, scratchBytes: 1024 * 1024 });
    let early: string | null = null;
    const prepared = target.prepare(anchor()).then(
      () => (early = 'prepared'),
      (error: Error) => {
        early = error.message;
        return 'given up';
      },
    );
    await until(() => early !== null || is(tmp, episodeId));
    expect(early, `it ended before "${stage}"`).toBe(null);
    expect(await target.close(), stage).toBe(true);
    expect(await prepared, stage).toBe('given up');
    expect(folders(tmp), stage).toEqual([]);
    expect(processesOf(episodeId), stage).toEqual([]);
  }
});

labTest('a machine that was prepared tells of itself, and leaves nothing when it is closed, twice', async (context) => {
  const { folder } = await labImage(context);
  const { tmp, target, episodeId } = targetIn({ image: folder, settleNs: 1e6 });
  await target.prepare(anchor());
  expect(target.view).toMatchObject({ type: 'qemu', pid: expect.any(Number) });
  expect(target.facts.machine).toMatchObject({
    accelerator: 'tcg',
    start: { mode: 'restored', fallback: null, random: 'reseeded' },
  });
  expect(target.lacks).toEqual([]);
  expect(target.guest!.facts).toMatchObject({ cpus: 1, architecture: 'x86_64' });
  const { offset_ns, error_ns } = target.guest!.clock.start!;
  expect(typeof offset_ns).toBe('bigint');
  expect(error_ns).toBeGreaterThan(0n);
  const told: string[] = [];
  target.listen(({ code }) => told.push(code));
  expect(told).toContain('VSERPORT_CHANGE');
  await target.conclude();
  expect(target.guest!.clock.end).not.toBe(null);
  expect(await target.close()).toBe(true);
  expect(await target.close()).toBe(true);
  expect(told).not.toContain('SHUTDOWN'); // that is our own doing
  expect(folders(tmp)).toEqual([]);
  expect(processesOf(episodeId)).toEqual([]);
});

labTest('a settling time is no reason to wait once the start is given up', async (context) => {
  const { folder } = await labImage(context);
  const { target, tmp } = targetIn({ image: folder, start: 'cold', settleNs: 3600e9 });
  const prepared = target.prepare(anchor()).catch((error: Error) => error.name);
  await until(() => target.facts.machine?.start !== undefined);
  expect(await target.close()).toBe(true);
  expect(await prepared).toBe('AbortError');
  expect(folders(tmp)).toEqual([]);
});
