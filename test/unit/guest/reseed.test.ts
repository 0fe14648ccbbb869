import { expect, test } from 'vitest';
import { reseed } from '../../../src/core/guest/reseed.js';
import { type AgentAnswerer, agentThat, refused, returned } from '../../support/fake-agent.js';

const seed = (bytes: number) => Buffer.alloc(bytes, 7);

/** `refusing` names the command that the agent refuses. */
const agentWith =
  ({ exitcode = 0, refusing = '' }): AgentAnswerer =>
  ({ execute }) => {
    if (execute === refusing) return refused('no');
    if (execute === 'guest-file-open') return returned(1_000);
    if (execute === 'guest-exec') return returned({ pid: 7 });
    return returned(execute === 'guest-exec-status' ? { exited: true, exitcode } : {});
  };

test('fresh random bytes are written, and the kernel is made to use them', async () => {
  const { agent, client } = await agentThat(agentWith({}));
  expect(await reseed(client, seed)).toBe('reseeded');
  const written = agent.asked.find(({ execute }) => execute === 'guest-file-write')!.arguments;
  expect(written).toEqual({ handle: 1_000, 'buf-b64': seed(64).toString('base64') });
});

test('where no program of the guest can make it use them, they are mixed in', async () => {
  const { client } = await agentThat(agentWith({ exitcode: 1 }));
  expect(await reseed(client, seed)).toBe('mixed');
});

test.each(['guest-file-open', 'guest-file-write', 'guest-file-close'])(
  'a guest that refuses %s is told as such',
  async (refusing) => {
    const { client } = await agentThat(agentWith({ refusing }));
    expect(await reseed(client, seed)).toBe('failed');
  },
);
