import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { newEpisodeId } from '../../src/core/episode/episode-id.js';
import { type Outcome, startCli, temporaryFolder } from '../support/cli.js';
import { inParallel, upTo } from './support/in-parallel.js';
import { expectNoStack, expectValid } from './support/judge.js';
import { processesWith } from './support/processes.js';
import { pick, tell } from './support/random.js';

const PAIRS = 20;

function record(output: string, id: string): Promise<Outcome> {
  const command = ['sh', '-c', `setsid sleep 600${id} & sleep 600`];
  const args = ['episode', 'start', '--json', '--id', id, '--output', output, '--duration', '200ms', '--', ...command];
  return startCli(args).outcome;
}

test('two recorders with one id at the same moment: one records, the other is told, and harms nothing', async () => {
  const pairs = await inParallel(2, upTo(PAIRS), async (number) => {
    const output = join(temporaryFolder(), 'out');
    if (number % 2 === 0) mkdirSync(output); // else both want to make it too
    const id = newEpisodeId();
    const first = record(output, id);
    await delay(pick(`pair ${number}`, 0, 15));
    const outcomes = await Promise.all([first, record(output, id)]);
    const [loser, ...others] = outcomes.filter(({ code }) => code === 2);
    const winner = outcomes.find((each) => each !== loser)!;
    expect([loser !== undefined, others.length], outcomes.map(({ stderr }) => stderr).join('\n')).toEqual([true, 0]);
    expect(JSON.parse(loser!.stdout).error.code).toBe('EPISODE_ID_TAKEN');
    expect([0, 3], winner.stderr).toContain(winner.code); // two at once on a busy machine may miss ticks
    for (const each of outcomes) expectNoStack(each);
    expect(readdirSync(output)).toEqual([id]);
    expect(processesWith(`CIS490_EPISODE=${id}`)).toEqual([]);
    return { folder: join(output, id), isFirst: winner === outcomes[0] };
  });
  await expectValid(pairs.map(({ folder }) => folder));
  const first = pairs.filter(({ isFirst }) => isFirst).length;
  tell(
    `two recorders with one id, ${PAIRS} times: the first recorded ${first} times, the second ${PAIRS - first} times`,
  );
});
