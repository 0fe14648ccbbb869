import { readFileSync, statSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { QmpClient } from '../../src/qmp.js';
import { describeLab, labTest, leftOut, until } from '../support/lab.js';
import { type LabEpisode, phase, SEEN_TO_RUN, shell, startLabEpisode } from '../support/lab-episode.js';

const canMount = process.getuid?.() === 0;

describeLab('a machine while it runs', () => {
  labTest('is shut in, and not disturbed by others at its sockets', async (context) => {
    const episode = await startLabEpisode(context);
    const pid = await episode.qemuPid();
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect(status).not.toMatch(/^Uid:.*\b0\b/m);
    expect(status).toMatch(/^CapEff:\t0+$/m);
    expect(statSync(episode.runFolder).mode & 0o777).toBe(0o700);
    const intruders = [await intrude(episode, 'control.sock'), await intrude(episode, 'agent.sock')];
    const monitor = await QmpClient.connect(join(episode.runFolder, 'monitor.sock'));
    onTestFinished(() => monitor.close());
    intruders.push(await intrude(episode, 'monitor.sock'));
    await untilMoreRows(episode);
    for (const { socket, received } of intruders) {
      expect(received).toEqual([]);
      socket.destroy();
    }
    expect(await monitor.execute('query-status')).toMatchObject({ status: 'running' });
    await untilMoreRows(episode);
    episode.running.child.kill('SIGINT');
    expect((await episode.ended()).code).toBe(130);
    expect(episode.meta).toMatchObject({ status: 'interrupted', end_reason: 'signal' });
    expect(episode.reasons).toEqual([]);
    // a guest that is emulated on a busy machine may take too long for an answer
    const codes = episode.meta.collectors.flatMap(({ errors }: { errors: object }) => Object.keys(errors));
    expect(codes.filter((code: string) => code !== 'AGENT_TIMEOUT')).toEqual([]);
  });
});

describeLab('a machine that ends', () => {
  labTest('by SIGKILL: its episode is complete, and the signal is told', async (context) => {
    const episode = await startLabEpisode(context, { phases: [phase('a', 60), phase('never', 1)] });
    await episode.running.saw(/action_started/);
    process.kill(await episode.qemuPid(), 'SIGKILL');
    const { code, stderr } = await episode.ended();
    expect(code, stderr).toBe(3);
    expectExit(episode, { code: null, signal: 'SIGKILL' });
    expect(episode.told).not.toContain('SHUTDOWN');
  });

  for (const [how, script, reason, events] of [
    ['panic', 'echo c >/proc/sysrq-trigger', 'guest-panic', ['GUEST_PANICKED', 'SHUTDOWN']],
    ['power-off', 'poweroff -f', 'guest-shutdown', ['SHUTDOWN']],
    ['reboot', 'reboot -f', 'guest-reset', ['SHUTDOWN']],
  ] as const)
    labTest(`by a ${how} of its guest: its episode is complete, and the reason is told`, async (context) => {
      const phases = [phase('a', 1), shell('end', 60, `${SEEN_TO_RUN}${script}`), phase('never', 1)];
      const episode = await startLabEpisode(context, { phases });
      const { code, stderr } = await episode.ended();
      expect(code, stderr).toBe(3);
      expectExit(episode, { code: 0, signal: null, reason });
      expect(episode.told.filter((name) => ['GUEST_PANICKED', 'SHUTDOWN'].includes(name))).toEqual(events);
      expect(episode.labels.map(({ phase: name }) => name)).toEqual(['a', 'end']);
      if (how === 'panic') expect(episode.artifact('console.log')).toContain('sysrq triggered crash');
    });
});

labTest(
  'a host disk that is full under the disk of a guest ends the episode as failed, and what there is is whole',
  async (context) => {
    if (!canMount) {
      leftOut(`"${context.task.name}"`, 'a tmpfs can be mounted by root alone');
      return context.skip();
    }
    const script = 'exec dd if=/dev/zero of=/dev/vda bs=1M oflag=direct';
    const phases = [phase('a', 1), shell('fill', 60, script), phase('never', 1)];
    const episode = await startLabEpisode(context, { phases, temporaryMiB: 8 });
    const { code, stderr } = await episode.ended();
    expect(code, stderr).toBe(3);
    expect(episode.meta).toMatchObject({
      status: 'failed',
      end_reason: 'disk_full',
      grade: 'invalid',
      target_exit: null,
    });
    expect(episode.meta.grade_reasons[0]).toMatch(/^the recording failed before its end: .* disk can not be written/);
    expect(episode.meta.grade_reasons.join()).not.toContain('could not be ended'); // nor is it tried: it does nothing
    expect(episode.told).toEqual(expect.arrayContaining(['BLOCK_IO_ERROR', 'STOP']));
    expect(episode.events).toContainEqual(expect.objectContaining({ event: 'disk_full', source: 'target' }));
  },
);

/** Somebody else who connects, says something, and listens. */
async function intrude(episode: LabEpisode, name: string): Promise<{ socket: Socket; received: Buffer[] }> {
  const socket = createConnection(join(episode.runFolder, name));
  onTestFinished(() => void socket.destroy());
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk as Buffer));
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.write('{"execute":"guest-ping"}\n');
  return { socket, received };
}

async function untilMoreRows(episode: LabEpisode): Promise<void> {
  const before = episode.rows('system').length;
  await until(() => episode.rows('system').length > before + 5);
}

/** Of an episode whose last phase, named "never", was not reached. */
function expectExit(episode: LabEpisode, exit: object): void {
  expect(episode.meta).toMatchObject({
    status: 'complete',
    end_reason: 'target_exited',
    grade: 'degraded',
    target_exit: exit,
  });
  expect(episode.reasons).toEqual(['phases never reached: never']);
  expect(episode.events).toContainEqual(expect.objectContaining({ event: 'target_exited', ...exit }));
  expect(episode.labels.map(({ phase: name }) => name)).not.toContain('never');
}
