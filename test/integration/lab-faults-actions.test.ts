import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { describeLab, labTest } from '../support/lab.js';
import { type LabEpisode, LONG, phase, shell, startLabEpisode } from '../support/lab-episode.js';

const MIB = 1024 * 1024;
/** What stays behind in its group, in a session of its own, and deaf to SIGTERM. */
const STUBBORN = `trap '' TERM; : stubborn
setsid sh -c 'trap "" TERM; : stubborn; while :; do sleep 1; done' &
while :; do sleep 1; done`;
const ESCAPES = "printf '\\033]0;owned\\007\\033[31mred\\n'; exit 3";

describeLab('what runs in a guest', () => {
  labTest('ends with its phase whatever it does, and what it does not do is told', async (context) => {
    const phases = [
      shell('stubborn', LONG, STUBBORN),
      // it may begin late by the grace that is given
      shell('look', 2 * LONG, 'ps; exec sleep 100'),
      phase('missing', LONG, ['/no/such/program'], { label: 'malicious' }),
      shell('early', LONG, ESCAPES, { label: 'malicious' }),
      shell('oneshot', LONG, 'exit 0', { oneshot: true, label: 'malicious' }),
    ];
    const episode = await startLabEpisode(context, { phases });
    const { code, stdout, stderr } = await episode.ended();
    expect(code, stderr).toBe(3);
    expect(episode.meta).toMatchObject({ status: 'complete', end_reason: 'duration_over', grade: 'degraded' });
    expect(episode.reasons).toEqual([
      'the action of phase "missing" could not start: "/no/such/program" could not be executed in the guest',
      'the action of phase "early" ended before its phase: it ended with exit code 3',
    ]);
    expectExit(episode, 'stubborn', { signal: 'SIGKILL', expected: true });
    expect(episode.artifact('phase-2-look-stdout.log')).toMatch(/qemu-ga/);
    expect(episode.artifact('phase-2-look-stdout.log')).not.toMatch(/stubborn/);
    expectExit(episode, 'look', { signal: 'SIGTERM', expected: true });
    expect(labelsOf(episode, 'missing')).toEqual(['unknown']);
    expectExit(episode, 'early', { code: 3, expected: false });
    expect(labelsOf(episode, 'early')).toEqual(['malicious', 'unknown']);
    expectExit(episode, 'oneshot', { code: 0 });
    expect(labelsOf(episode, 'oneshot')).toEqual(['malicious']);
    expect(episode.artifact('phase-4-early-stdout.log')).toBe('\u001b]0;owned\u0007\u001b[31mred\n');
    expect(stdout + stderr).not.toContain('\u001b');
  });

  labTest(
    'may print more than is kept: what comes within the limit is there, what does not is counted',
    async (context) => {
      const script = "head -c 20000000 /dev/zero | tr '\\0' x";
      const phases = [shell('loud', 120, script, { oneshot: true })];
      const episode = await startLabEpisode(context, { phases });
      await episode.running.saw(/action_exited/);
      episode.running.child.kill('SIGINT');
      expect((await episode.ended()).code).toBe(130);
      expectExit(episode, 'loud', { code: 0 });
      expect(statSync(join(episode.folder, 'artifacts/phase-1-loud-stdout.log')).size).toBe(16 * MIB);
      expect(episode.told).toContain('output_truncated');
      // samples wait while the agent is busy with that, and go on
      const [exit] = episode.events.filter(({ event }) => event === 'action_exited');
      expect(episode.rows('system').some(({ t_mono_ns }) => t_mono_ns < exit.t_mono_ns)).toBe(true);
      expect(episode.meta.collectors.map(({ state }: { state: string }) => state)).toEqual(['ok', 'ok']);
    },
  );
});

const labelsOf = (episode: LabEpisode, name: string): string[] =>
  episode.labels
    // before the first begins, and while a former one takes its time to end, nobody knows
    .filter(({ phase: of, why }) => of === name && !/yet to start|to end$/.test(why ?? ''))
    .map(({ label }) => label);

function expectExit(episode: LabEpisode, name: string, exit: object): void {
  expect(episode.events).toContainEqual(expect.objectContaining({ event: 'action_exited', phase: name, ...exit }));
}
