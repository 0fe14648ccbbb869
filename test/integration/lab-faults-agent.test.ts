import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { QmpClient } from '../../src/qmp.js';
import { describeLab, labTest, until } from '../support/lab.js';
import { type LabEpisode, LONG, phase, SEEN_TO_RUN, shell, startLabEpisode } from '../support/lab-episode.js';

const AGENT = '$(pidof qemu-ga)';
const PROGRAM = '/usr/sbin/qemu-ga';

describeLab('an agent that does not answer', () => {
  labTest(
    'costs samples while it is stopped, and goes on after that; started anew it begins another epoch',
    async (context) => {
      const phases = [
        // what the agent has started is to outlive it
        shell('pause', 15, `p=${AGENT}; (${SEEN_TO_RUN}kill -STOP $p; sleep 2; kill -CONT $p) & exec sleep 100`),
        shell('kill', 15, `${SEEN_TO_RUN}kill -KILL ${AGENT}; exec sleep 100`),
        phase('after', LONG),
      ];
      const episode = await startLabEpisode(context, { phases });
      expect((await episode.ended()).code).toBe(3);
      expect(episode.meta).toMatchObject({ status: 'complete', end_reason: 'duration_over', grade: 'degraded' });
      const system = collectorOf(episode, 'system');
      expect(system.state).toBe('ok');
      expect(Object.keys(system.errors).sort()).toEqual(['AGENT_CLOSED', 'AGENT_TIMEOUT']);
      // each of both has cost about as many ticks as it took, but no more
      const epochs = episode.rows('system').map(({ epoch }) => epoch);
      expect([...new Set(epochs)]).toEqual([0, 1]);
      expect(epochs.filter((epoch) => epoch === 0).length).toBeGreaterThan(10);
      expect(epochs.filter((epoch) => epoch === 1).length).toBeGreaterThan(10);
      expect(longestGap(episode.rows('system'))).toBeGreaterThan(15);
      // of what the former agent ran the next one knows nothing
      const failed = episode.events.filter(({ event }) => event === 'action_failed');
      expect(failed.map(({ phase: name }) => name)).toEqual(['kill']);
      expect(episode.labels.at(-1)).toMatchObject({ phase: 'after', label: 'benign' });
      expect(collectorOf(episode, 'host_proc').sample_errors).toBe(0);
    },
  );

  labTest(
    'at the end of a phase: it is waited for, and the next label begins when the action is gone',
    async (context) => {
      // away from within the phase until behind its end, unless the guest takes seconds to get that far
      const away = `${SEEN_TO_RUN}chmod a-x ${PROGRAM}; kill -KILL ${AGENT}; sleep ${LONG}; chmod a+x ${PROGRAM}; : action; sleep 100`;
      const phases = [shell('away', LONG, away, { label: 'malicious' }), shell('after', 40, 'ps; exec sleep 100')];
      const episode = await startLabEpisode(context, { phases });
      expect((await episode.ended()).code).toBe(0);
      expect(collectorOf(episode, 'system').errors.AGENT_CLOSED).toBeGreaterThan(3);
      expect(episode.artifact('phase-2-after-stdout.log')).toMatch(/qemu-ga/);
      expect(episode.artifact('phase-2-after-stdout.log')).not.toMatch(/: action/);
      const [held, ended] = ['took', 'after'].map((what) =>
        episode.labels.find(({ phase: name, why }) => (what === 'took' ? /took .* to end$/.test(why) : name === what)),
      );
      expect(held).toMatchObject({ phase: 'away', label: 'unknown' });
      expect(ended).toMatchObject({ label: 'benign', confirmed: true });
      expect(ended.t_mono_ns - held.t_mono_ns).toBeGreaterThan(100e6);
    },
  );

  labTest('while an action is to be ended, for good: no label is known any more', async (context) => {
    const away = `${SEEN_TO_RUN}chmod a-x ${PROGRAM}; kill -KILL ${AGENT}; exec sleep 100`;
    const phases = [shell('away', LONG, away, { label: 'malicious' }), phase('after', 30)];
    const episode = await startLabEpisode(context, { phases });
    expect((await episode.ended()).code).toBe(3);
    expect(episode.labels.at(-1)).toMatchObject({ phase: 'after', label: 'unknown' });
    expect(episode.labels.map(({ label }) => label)).not.toContain('benign');
    expect(episode.reasons).toContain('processes of phase "away" could not be ended');
  });

  labTest(
    'for good: the host is recorded on, what can not start is unknown, and the episode has an end',
    async (context) => {
      const phases = [
        shell('stop', LONG, `${SEEN_TO_RUN}kill -STOP ${AGENT}; exec sleep 100`),
        phase('later', 9, ['sleep', '100'], { label: 'malicious' }),
      ];
      const episode = await startLabEpisode(context, { phases });
      expect((await episode.ended()).code).toBe(3);
      expect(episode.meta).toMatchObject({ status: 'complete', end_reason: 'duration_over', grade: 'degraded' });
      expect(collectorOf(episode, 'system').errors.AGENT_TIMEOUT).toBeGreaterThan(3);
      expect(collectorOf(episode, 'system').state).toBe('ok');
      expect(episode.rows('host_proc').at(-1).t_mono_ns).toBeGreaterThan((LONG + 7) * 1e9);
      expect(episode.labels.at(-1).label).toBe('unknown');
      expect(episode.labels.map(({ label }) => label)).not.toContain('malicious');
      // the phase before may have taken all the time there was to end
      expect(episode.reasons.join()).toMatch(/"later" could not start: the agent|phases never reached: later/);
      expect(episode.meta.vantages.guest.clock_offset).toMatchObject({ start: expect.anything(), end: null });
    },
  );
});

describeLab('a machine that is frozen', () => {
  labTest('by its monitor or from outside gives rows again when it goes on', async (context) => {
    const episode = await startLabEpisode(context);
    const pid = await episode.qemuPid();
    await untilMoreRows(episode);
    const monitor = await QmpClient.connect(join(episode.runFolder, 'monitor.sock'));
    onTestFinished(() => monitor.close());
    await monitor.execute('stop');
    await untilSilent(episode);
    await monitor.execute('cont');
    await untilMoreRows(episode);
    process.kill(pid, 'SIGSTOP');
    await untilSilent(episode);
    process.kill(pid, 'SIGCONT');
    await untilMoreRows(episode);
    episode.running.child.kill('SIGINT');
    expect((await episode.ended()).code).toBe(130);
    expect(episode.told).toEqual(expect.arrayContaining(['STOP', 'RESUME']));
    const { state, errors } = collectorOf(episode, 'system');
    expect({ state, codes: Object.keys(errors) }).toEqual({ state: 'ok', codes: ['AGENT_TIMEOUT'] });
    expect(episode.rows('system').every(({ epoch }) => epoch === 0)).toBe(true);
    // its clock stood still while it was stopped
    const { start, end } = episode.meta.vantages.guest.clock_offset;
    expect(end.offset_ns - start.offset_ns).toBeLessThan(-500e6);
  });

  labTest('until the end: the episode ends, and so does the machine', async (context) => {
    const episode = await startLabEpisode(context, { phases: [phase('a', 15), phase('b', 1)] });
    const pid = await episode.qemuPid();
    await untilMoreRows(episode);
    process.kill(pid, 'SIGSTOP');
    expect((await episode.ended()).code).toBe(3);
    expect(episode.meta).toMatchObject({ status: 'complete', end_reason: 'duration_over', grade: 'degraded' });
    expect(episode.rows('host_proc').at(-1).tick).toBeGreaterThan(30);
  });
});

const collectorOf = (episode: LabEpisode, name: string) =>
  episode.meta.collectors.find(({ source }: { source: string }) => source === name);

const longestGap = (rows: readonly { tick: number }[]): number =>
  Math.max(...rows.slice(1).map(({ tick }, i) => tick - rows[i]!.tick));

async function untilMoreRows(episode: LabEpisode): Promise<void> {
  const before = episode.rows('system').length;
  await until(() => episode.rows('system').length > before + 5);
}

/** Until samples have failed since now. */
async function untilSilent(episode: LabEpisode): Promise<void> {
  const failures = () => episode.events.filter(({ code }) => code === 'AGENT_TIMEOUT').length;
  const before = failures();
  await until(() => failures() > before);
}
