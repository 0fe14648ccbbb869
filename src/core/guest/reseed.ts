import type { AgentClient } from './agent-client.js';
import { runInGuest } from './run-in-guest.js';

const SEED_BYTES = 64;

/**
 * RNDRESEEDCRNG (random(4), 0x5207) makes the kernel use what was written at once; without it that happens within half
 * the guest's uptime, at most a minute. No tool of coreutils can call it.
 */
const RESEED = `perl -e 'open(F,">","/dev/urandom") && ioctl(F,0x5207,0) || exit 1' 2>/dev/null && exit 0
python3 -c 'import fcntl; fcntl.ioctl(open("/dev/urandom","wb"),0x5207)' 2>/dev/null`;

/** What became of the guest's random generator: `reseeded` at once, `mixed` into what the kernel takes its next seed from, or not reached. */
export type Reseeding = 'reseeded' | 'mixed' | 'failed';

/** Guests that go on from one saved state would all draw the same random numbers. Throws AGENT_* errors. */
export async function reseed(agent: AgentClient, random: (bytes: number) => Buffer): Promise<Reseeding> {
  const options = { priority: 'phase' } as const;
  const opened = await agent.request(
    [{ execute: 'guest-file-open', args: { path: '/dev/urandom', mode: 'w' } }],
    options,
  );
  const { value: handle, refusal } = opened.replies[0]!;
  if (refusal !== null) return 'failed';
  const { replies } = await agent.request(
    [
      { execute: 'guest-file-write', args: { handle, 'buf-b64': random(SEED_BYTES).toString('base64') } },
      { execute: 'guest-file-close', args: { handle } },
    ],
    options,
  );
  if (replies.some((reply) => reply.refusal !== null)) return 'failed';
  const { code } = await runInGuest(agent, RESEED);
  return code === 0 ? 'reseeded' : 'mixed';
}
