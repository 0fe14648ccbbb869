import { chownSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext } from 'vitest';
import { isAlive, temporaryFolder } from '../support/cli.js';
import { describeLab, labImage, labTest, leftOut, until } from '../support/lab.js';
import {
  type LabEpisode,
  NOBODY,
  ownLab,
  partsOf,
  phase,
  startEpisode,
  startLabEpisode,
} from '../support/lab-episode.js';

const SHORT = { phases: [phase('only', 1)], collectors: { host_proc: {} } };
const states = ownLab();

describeLab('a machine that can not be started', () => {
  for (const [what, target, sentence] of [
    ['an image that does not exist', { image: '/nowhere/image' }, /\/nowhere\/image is no lab image/],
    ['a kernel that does not exist', { kernel: '/nowhere/vmlinuz' }, /\/nowhere\/vmlinuz can not be read: ENOENT/],
    [
      'arguments that QEMU does not know',
      { args: ['-nonsense'], start: 'cold' },
      /QEMU could not be started: .*-nonsense/,
    ],
  ] as const)
    labTest(`for ${what}: a sentence, and nothing is left`, async (context) => {
      const image = 'args' in target ? { image: (await labImage(context)).folder } : {};
      await expectRefused(startEpisode({ ...image, ...target }), sentence);
    });

  labTest('because it boots no agent: its last words are told, without their escapes', async (context) => {
    const parts = partsOf(await labImage(context));
    const boot = (append: string) =>
      startEpisode({ ...parts, append: `console=ttyS0 panic=-1 ${append}`, start: 'cold', boot_timeout: '20s' });
    const hangs = boot('rdinit=/bin/busybox -- sleep 1000');
    await expectRefused(
      hangs,
      /the virtual machine did not reach its agent in 20 s\n(.*\n)*.*the last it showed: .*\w/,
    );
    const ends = boot('rdinit=/bin/busybox -- echo \u001b[31mred');
    await expectRefused(ends, /the virtual machine (ended before its agent answered|did not reach its agent in 20 s)/);
  });

  labTest('because it is interrupted while it boots: nothing is left', async (context) => {
    const episode = await startLabEpisode(context, { target: { start: 'cold' } });
    await until(() => isThere(episode));
    episode.running.child.kill('SIGINT');
    const { code, stderr } = await episode.refused();
    expect(code, stderr).toBe(130);
  });
});

describeLab('a recorder that is killed', () => {
  labTest(
    'while a machine boots, or its phases run, leaves no machine, and the next one clears the rest',
    async (context) => {
      const booting = await startLabEpisode(context, { target: { start: 'cold' } });
      await until(() => isThere(booting));
      await killed(booting);
      const { temporary } = booting;
      expect(readdirSync(temporary)).toHaveLength(1);
      const running = await startLabEpisode(context, { ...SHORT, temporary, phases: [phase('only', 60)] });
      await running.running.saw(/phase_started/);
      await killed(running);
      // the first is cleared, the second is there with the sockets that nobody listens at
      expect(readdirSync(running.runFolder)).toEqual(expect.arrayContaining(['agent.sock', 'control.sock']));
      const next = await startLabEpisode(context, { ...SHORT, temporary });
      expect((await next.ended()).stderr).not.toMatch(/error/i);
      expect(next.meta).toMatchObject({ status: 'complete', end_reason: 'duration_over' });
    },
  );

  labTest(
    'while a state is saved leaves half of it, which the next one does not take; a broken one is told, and saved anew',
    async (context) => {
      const saving = await killedWhileSaving(context);
      // two at once, and each would save it
      const { temporary } = saving;
      const both = [
        await startLabEpisode(context, { ...SHORT, lab: states, temporary }),
        await startLabEpisode(context, { ...SHORT, lab: states }),
      ];
      await both[0]!.running.outcome;
      await both[1]!.ended();
      await both[0]!.ended();
      const [one, other] = both.map(({ meta }) => meta.target.machine.start);
      expect(one).toMatchObject({ mode: 'restored', fallback: null });
      expect(other.state_id).toBe(one.state_id);
      expect(readdirSync(join(states, 'states'))).toHaveLength(1);
      expect(drafts()).toEqual([]);
      const [name] = readdirSync(join(states, 'states'));
      const file = join(states, 'states', name!, 'state.bin');
      truncateSync(file, Math.floor(statSync(file).size / 2));
      const booted = await startLabEpisode(context, { ...SHORT, lab: states });
      await booted.ended();
      const cold = { mode: 'cold', state_id: null, fallback: expect.stringMatching(/\w/) };
      expect(booted.meta.target.machine.start).toMatchObject(cold);
      const fresh = await startLabEpisode(context, { ...SHORT, lab: states });
      await fresh.ended();
      expect(fresh.meta.target.machine.start).toMatchObject({ mode: 'restored', fallback: null });
      expect(fresh.meta.target.machine.start.state_id).not.toBe(one.state_id);
    },
    600_000, // six boots
  );
});

labTest('a user without rights records a machine as well', async (context) => {
  if (process.getuid?.() !== 0) return context.skip('all the others show it, where the tests are not run by root');
  const image = await labImage(context);
  const lab = temporaryFolder();
  cpSync(image.folder, join(lab, 'image'), { recursive: true });
  for (const path of [lab, join(lab, 'image')]) chownSync(path, NOBODY, NOBODY);
  const episode = startEpisode({ image: join(lab, 'image') }, { lab, isNobody: true, phases: [phase('only', 60)] });
  const pid = await episode.qemuPid();
  expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(new RegExp(`^Uid:(\t${NOBODY}){4}$`, 'm'));
  await until(() => episode.rows('system').length > 3);
  episode.running.child.kill('SIGINT');
  expect((await episode.ended()).code).toBe(130);
  expect(episode.meta.target.machine).toMatchObject({ user: NOBODY, start: { mode: 'restored', fallback: null } });
  expect(episode.reasons).toEqual([]);
});

labTest(
  'a machine that outlives its recorder, where there is no setpriv, is ended by the next start',
  async (context) => {
    if (process.getuid?.() !== 0) {
      leftOut(`"${context.task.name}"`, 'the programs that it finds can be chosen by root alone');
      return context.skip();
    }
    const image = await labImage(context);
    const lab = temporaryFolder();
    cpSync(image.folder, join(lab, 'image'), { recursive: true });
    for (const path of [lab, join(lab, 'image')]) chownSync(path, NOBODY, NOBODY);
    const start = (seconds: number, temporary = temporaryFolder()) => {
      const options = { ...SHORT, lab, temporary, isNobody: true, programs: ['qemu-system-x86_64', 'qemu-img'] };
      return startEpisode({ image: join(lab, 'image') }, { ...options, phases: [phase('only', seconds)] });
    };
    const orphaned = start(60);
    const pid = await orphaned.qemuPid();
    orphaned.running.child.kill('SIGKILL');
    await orphaned.running.outcome;
    expect(isAlive(pid)).toBe(true);
    const next = start(1, orphaned.temporary);
    expect((await next.ended()).code).toBe(0);
    expect(isAlive(pid)).toBe(false);
  },
);

async function expectRefused(episode: LabEpisode, sentence: RegExp): Promise<void> {
  const { code, stderr } = await episode.refused();
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(stderr).not.toContain('\u001b');
  expect(code).toBe(4);
}

/** An episode whose recorder was killed when half a state was there. Saving takes a fifth of a second: one that was faster is no such. */
async function killedWhileSaving(context: TestContext): Promise<LabEpisode> {
  const inStates = () => (existsSync(join(states, 'states')) ? readdirSync(join(states, 'states')) : []);
  const isBegun = (name: string) => existsSync(join(states, 'states', name, 'state.bin'));
  for (;;) {
    const saving = await startLabEpisode(context, { ...SHORT, lab: states });
    await until(() => inStates().some(isBegun));
    await killed(saving);
    if (drafts().length > 0) return saving;
    rmSync(join(states, 'states'), { recursive: true });
  }
}

/** Its machine, with the sockets by which it is controlled. */
const isThere = (episode: LabEpisode): boolean =>
  readdirSync(episode.temporary).length > 0 && existsSync(join(episode.runFolder, 'control.sock'));

/** Kills the recorder alone; whatever it had started has to end by itself. */
async function killed(episode: LabEpisode): Promise<void> {
  episode.running.child.kill('SIGKILL');
  await episode.running.outcome;
  await until(() => episode.processes.length === 0);
}

const drafts = (): string[] =>
  existsSync(join(states, 'states')) ? readdirSync(join(states, 'states')).filter((name) => name.includes('.')) : [];
