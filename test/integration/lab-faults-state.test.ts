import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext } from 'vitest';
import { temporaryFolder } from '../support/cli.js';
import { labTest } from '../support/lab.js';
import { type LabEpisode, shell, startLabEpisode } from '../support/lab-episode.js';

const DISK_BYTES = 8 * 1024 * 1024;
/** Tells who it is and what it finds, and leaves something everywhere. */
const MARK = `cat /proc/sys/kernel/random/uuid /proc/sys/kernel/random/boot_id
grep -m1 -w _text /proc/kallsyms
for disk in vda vdb; do head -c 6 /dev/$disk | tr '\\0' 0; echo; done
[ -e /left ] && echo left
echo left >/left
for disk in vda vdb; do echo dirty | dd of=/dev/$disk conv=notrunc 2>/dev/null; done
sync`;

labTest(
  'each episode starts from the same state, and leaves nothing in it or on a disk of the user',
  async (context) => {
    const folder = temporaryFolder();
    const [raw, qcow2] = [join(folder, 'disk.raw'), join(folder, 'disk.qcow2')];
    writeFileSync(raw, Buffer.alloc(DISK_BYTES, 'clean '));
    execFileSync('qemu-img', ['convert', '-q', '-f', 'raw', '-O', 'qcow2', raw, qcow2]);
    const before = [digest(raw), digest(qcow2)];
    const [first, second, cold] = [
      await record(context, { disk: raw }),
      await record(context, { disk: raw }),
      await record(context, { disk: qcow2, start: 'cold' }),
    ];
    expect([digest(raw), digest(qcow2)]).toEqual(before);
    for (const { found } of [first, second, cold]) expect(found).toEqual(['clean ', '000000']);

    expect(first.start).toMatchObject({
      mode: 'restored',
      state_id: expect.stringMatching(/^[0-9a-f]+$/),
      fallback: null,
    });
    expect(second.start).toMatchObject({ mode: 'restored', state_id: first.start.state_id });
    // where the kernel was put when it booted
    expect(second.kernel).toMatch(/^[0-9a-f]*[1-9a-f][0-9a-f]* T _text$/);
    expect(second.kernel).toBe(first.kernel);
    expect(second.uuid).not.toBe(first.uuid);
    expect(cold.start).toMatchObject({ mode: 'cold', state_id: null, fallback: null });
    // the clock of a restored guest would be behind by the age of its state, which is seconds by now
    const { offset_ns, error_ns } = second.clock.start;
    expect(Math.abs(offset_ns) - error_ns).toBeLessThan(1e9);
  },
);

async function record(context: TestContext, target: object) {
  const episode = await startLabEpisode(context, { target, phases: [shell('mark', 60, MARK, { oneshot: true })] });
  await episode.running.saw(/action_exited/);
  episode.running.child.kill('SIGINT');
  expect((await episode.ended()).code).toBe(130);
  const [uuid, boot, kernel, ...found] = linesOf(episode);
  const { target: told, vantages } = episode.meta;
  expect(vantages.guest.boot_id).toBe(boot);
  return { uuid, kernel, found, start: told.machine.start, clock: vantages.guest.clock_offset };
}

const linesOf = (episode: LabEpisode): string[] => episode.artifact('phase-1-mark-stdout.log').trimEnd().split('\n');
const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
