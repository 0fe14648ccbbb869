import { expect, test } from 'vitest';
import { runInGuest, startScript } from '../../../src/core/guest/run-in-guest.js';
import { agentThat, codeOf, refused, returned } from '../../support/fake-agent.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('a script runs by the guest’s shell, its arguments apart from its text, and is looked at until it has ended', async () => {
  const statuses = [{ exited: false }, { exited: false }, { exited: true, exitcode: 4, 'out-data': base64('said') }];
  const { agent, client } = await agentThat(({ execute }) =>
    returned(execute === 'guest-exec' ? { pid: 77 } : statuses.shift()),
  );
  expect(await runInGuest(client, 'exit 4', ['$(reboot)', 'b'])).toEqual({ code: 4, stdout: 'said' });
  expect(agent.asked[0]!.arguments).toMatchObject({
    path: '/bin/sh',
    arg: ['-c', 'exit 4', 'cis490', '$(reboot)', 'b'],
    'capture-output': true,
  });
  expect(agent.asked[1]!.arguments).toEqual({ pid: 77 });
});

test.each([{}, { pid: 0 }, { pid: -1 }, { pid: 2 ** 23 }, { pid: 1.5 }, { pid: '7' }, { pid: { a: 1 } }, null, 'x'])(
  '%j tells no pid',
  async (value) => {
    const { client } = await agentThat(() => returned(value));
    expect(await codeOf(startScript(client, 'true', []))).toBe('AGENT_PROTOCOL');
  },
);

test('a shell that is not there is refused in the agent’s words', async () => {
  const { client } = await agentThat(() => refused("Guest agent command failed, error was 'No such file'"));
  expect(await codeOf(runInGuest(client, 'true'))).toBe('AGENT_REFUSED');
});

test('a script that never ends is given up', async () => {
  const { client } = await agentThat(({ execute }) =>
    returned(execute === 'guest-exec' ? { pid: 7 } : { exited: false }),
  );
  await expect(runInGuest(client, 'sleep 1000', [], 30)).rejects.toMatchObject({
    code: 'AGENT_TIMEOUT',
    message: 'a script did not end in the guest within 0.03 s',
  });
});

test('a status that makes no sense is no status, and the agent is taken up afresh', async () => {
  const { agent, client } = await agentThat(({ execute }) =>
    returned(execute === 'guest-exec' ? { pid: 7 } : { exited: false, 'out-data': base64('x'.repeat(100_000)) }),
  );
  expect(await codeOf(runInGuest(client, 'true'))).toBe('AGENT_PROTOCOL');
  await client.ready(10_000);
  expect(agent.syncs).toHaveLength(2);
});

test('of what a script prints only so much is read', async () => {
  const { client } = await agentThat(({ execute }) =>
    returned(
      execute === 'guest-exec' ? { pid: 7 } : { exited: true, exitcode: 0, 'out-data': base64('x'.repeat(1e6)) },
    ),
  );
  expect((await runInGuest(client, 'true')).stdout).toHaveLength(65_536);
});
