import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createActionGroup } from '../../../src/core/guest/action-group.js';
import { ActionWatch } from '../../../src/core/guest/action-watch.js';
import { startGuestAction } from '../../../src/core/guest/guest-action.js';
import { UnendedActionError } from '../../../src/core/targets/target.js';
import { agentThat } from '../../support/fake-agent.js';
import { LocalAgent, type LocalAgentOptions } from '../../support/local-agent.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const SHELLS: readonly (readonly [string, ...string[]])[] = [['sh'], ['bash'], ['busybox', 'sh']];
let actions = 0;

/** Actions on this machine, by an agent that executes for real. */
async function actionsBy(options: Partial<LocalAgentOptions> = {}) {
  const folder = temporaryFolder();
  const local = new LocalAgent({ shell: ['sh'], cgroups: null, ...options });
  const { agent, client } = await agentThat(local.answer);
  let stop!: () => void;
  const group = await createActionGroup(client);
  const watch = new ActionWatch(client);
  watch.start();
  onTestFinished(() => watch.stop());
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const start = async (...argv: string[]) => {
    const action = await startGuestAction({
      agent: client,
      group,
      watch,
      stopped,
      argv,
      phase: 'infected',
      episodeId: 'EPISODE',
      artifactStem: join(folder, 'phase-1'),
      token: `cis490-test-${process.pid}-${String(++actions).padStart(6, '0')}`,
    });
    onTestFinished(async () => void (await action.end()), 30_000);
    return action;
  };
  const output = (name: string) => readFileSync(join(folder, `phase-1-${name}.log`), 'utf8');
  return { folder, local, agent, client, start, output, stop };
}

const isAlive = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
const commandOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);

test.each(SHELLS)('an action is confirmed when the program itself runs, by %s', async (...shell) => {
  const { start } = await actionsBy({ shell: shell.filter(Boolean) as [string] });
  const action = await start('sleep', '1000');
  expect(commandOf(action.pid)).toEqual(['sleep', '1000']);
  const environment = readFileSync(`/proc/${action.pid}/environ`, 'utf8').split('\0');
  expect(environment).toEqual(expect.arrayContaining(['CIS490_PHASE=infected', 'CIS490_EPISODE=EPISODE']));
  expect(await action.end()).toBe(true);
  expect(await action.exited).toEqual({ code: null, signal: 'SIGTERM' });
  expect(isAlive(action.pid)).toBe(false);
});

test.each(SHELLS)('all that came of an action ends with it, whatever it did to stay, by %s', async (...shell) => {
  const { folder, start } = await actionsBy({ shell: shell.filter(Boolean) as [string] });
  const pids = join(folder, 'pids');
  const stay = `trap '' TERM; setsid sh -c 'echo $$ >>${pids}; while :; do sleep 1000; done' & echo $$ >>${pids}; kill -STOP $$`;
  const action = await start('sh', '-c', stay);
  const members = () => readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  await vi.waitFor(() => expect(members()).toHaveLength(2), 10_000);
  expect(await action.end()).toBe(true);
  for (const pid of members()) expect(isAlive(pid)).toBe(false);
});

test.each(SHELLS)('arguments come to the program as they are, by %s', async (...shell) => {
  const { start, output, folder } = await actionsBy({ shell: shell.filter(Boolean) as [string] });
  const said = join(folder, 'said');
  const words = ['', ' ', '$(reboot)', '"', "'", '*', 'a\nb', '-n', '\\'];
  const action = await start('sh', '-c', `printf "<%s>" "$@"; : >${said}; sleep 1000`, 'name', ...words);
  await vi.waitFor(() => expect(existsSync(said)).toBe(true), 10_000);
  await action.end();
  expect(output('stdout')).toBe(words.map((word) => `<${word}>`).join(''));
});

test('an action that ends by itself tells its code and what it said', async () => {
  const { start, output } = await actionsBy();
  const action = await start('sh', '-c', 'echo out; echo err >&2; sleep 0.2; exit 3');
  expect(await action.exited).toEqual({ code: 3, signal: null });
  expect([output('stdout'), output('stderr')]).toEqual(['out\n', 'err\n']);
  expect(action.droppedBytes()).toBe(0);
  expect(await action.end()).toBe(true);
});

test('one that is over before it is looked at did run', async () => {
  const { start } = await actionsBy();
  expect(await (await start('true')).exited).toEqual({ code: 0, signal: null });
});

test.each(SHELLS)('a program that is not there, or is none, does not start, by %s', async (...shell) => {
  const { folder, start, output } = await actionsBy({ shell: shell.filter(Boolean) as [string] });
  await expect(start('cis490-nonsense')).rejects.toThrow('"cis490-nonsense" could not be executed in the guest');
  expect(output('stderr')).toContain('there is no program cis490-nonsense in the guest');
  const path = join(folder, 'none');
  writeFileSync(path, '#!/nowhere/interpreter\n', { mode: 0o755 });
  await expect(start(path)).rejects.toThrow('could not be executed in the guest');
});

test('output beyond what is kept is counted, and so is what the agent cut', async () => {
  const { agent, start, output, local, folder } = await actionsBy();
  const over = join(folder, 'over');
  const action = await start('sh', '-c', `until [ -e ${over} ]; do sleep 0.01; done`);
  const out = Buffer.alloc(17 * 1024 * 1024, 'x').toString('base64');
  agent.answer = async (asked) => {
    const answered = (await local.answer(asked)) as { return?: { exited?: boolean } };
    if (answered.return?.exited !== true || asked.arguments.pid !== action.pid) return answered;
    return { return: { ...answered.return, 'out-data': out, 'err-truncated': true } };
  };
  writeFileSync(over, '');
  await action.exited;
  expect(output('stdout')).toHaveLength(16 * 1024 * 1024);
  expect(action.droppedBytes()).toBe(1024 * 1024 + 1);
});

test('how a process ended that an agent was started for before this one, nobody can tell', async () => {
  const { local, start } = await actionsBy();
  const action = await start('sleep', '1000');
  local.forget();
  expect(await action.exited).toEqual({ code: null, signal: null });
  expect(await action.end()).toBe(true); // it is found by its marks all the same
  expect(isAlive(action.pid)).toBe(false);
});

test('an action that is to end while the agent is away is ended when there is one again', async () => {
  const { client, local, start } = await actionsBy();
  const action = await start('sleep', '1000');
  client.setOpen(false);
  local.forget();
  const ended = action.end();
  expect(isAlive(action.pid)).toBe(true);
  client.setOpen(true);
  expect(await ended).toBe(true);
  expect(isAlive(action.pid)).toBe(false);
  expect(await action.exited).toEqual({ code: null, signal: null });
});

test('an action is ended by SIGKILL where the agent has swallowed the request to end it', async () => {
  const { agent, local, start } = await actionsBy();
  const action = await start('sleep', '1000');
  agent.answer = (asked) => {
    if (asked.execute !== 'guest-exec') return local.answer(asked);
    agent.answer = local.answer;
    return null;
  };
  expect(await action.end()).toBe(true);
  expect(await action.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(isAlive(action.pid)).toBe(false);
});

test('one whose agent stays away can not be ended, and its end is told as unknown', async () => {
  const { client, start } = await actionsBy();
  const action = await start('sleep', '1000');
  onTestFinished(() => void process.kill(action.pid, 'SIGKILL'));
  client.setOpen(false);
  expect(await action.end()).toBe(false);
  expect(await action.exited).toEqual({ code: null, signal: null });
});

test('an action that is to start while the agent is away starts when there is one again', async () => {
  const { client, start } = await actionsBy();
  client.setOpen(false);
  const started = start('sleep', '1000');
  client.setOpen(true);
  expect(commandOf((await started).pid)).toEqual(['sleep', '1000']);
});

test('what the agent was told to start and says nothing of may run, or begin to', async () => {
  const { agent, local, client, start } = await actionsBy();
  agent.answer = (asked) => (asked.execute === 'guest-exec' ? null : local.answer(asked));
  const started = start('sleep', '1000').catch((error) => error);
  await vi.waitFor(() => expect(agent.asked.at(-1)!.execute).toBe('guest-exec'), 10_000);
  client.setOpen(false);
  expect(await started).toBeInstanceOf(UnendedActionError);
});

test('but for one whose machine is gone, with all that ran in it', async () => {
  const { agent, local, start } = await actionsBy();
  agent.answer = (asked) => (asked.execute === 'guest-exec' ? null : local.answer(asked));
  const started = start('sleep', '1000').catch((error) => error);
  await vi.waitFor(() => expect(agent.asked.at(-1)!.execute).toBe('guest-exec'), 10_000);
  agent.hangUp();
  expect(await started).not.toBeInstanceOf(UnendedActionError);
});

test('of a machine that was stopped for good nobody waits for an end', async () => {
  const { agent, start, stop } = await actionsBy();
  const action = await start('sleep', '1000');
  onTestFinished(() => void process.kill(action.pid, 'SIGKILL'));
  agent.answer = () => null;
  stop();
  expect(await action.end()).toBe(true);
  expect(await action.exited).toEqual({ code: null, signal: null });
});

test('an action is looked at as often when it is over, or did not start, as while it runs', async () => {
  const { agent, start } = await actionsBy();
  const looks = async () => {
    const before = agent.asked.length;
    await vi.waitFor(() => expect(agent.asked.length).toBeGreaterThan(before + 1), 10_000);
    return new Set(agent.asked.slice(before).map(({ execute }) => execute));
  };
  expect(await looks()).toEqual(new Set(['guest-exec-status']));
  await (await start('true')).exited;
  expect(await looks()).toEqual(new Set(['guest-exec-status']));
  await expect(start('cis490-nonsense')).rejects.toThrow('could not be executed');
  expect(await looks()).toEqual(new Set(['guest-exec-status']));
});

test('of an action whose machine is gone nothing is left', async () => {
  const { agent, client, start } = await actionsBy();
  const action = await start('sleep', '1000');
  onTestFinished(() => void process.kill(action.pid, 'SIGKILL'));
  agent.hangUp();
  await vi.waitFor(() => expect(client.isMachineGone).toBe(true), 10_000);
  expect(await action.end()).toBe(true);
});

test('actions are kept in a control group where there is one, and ended by it', async () => {
  const cgroups = temporaryFolder();
  writeFileSync(join(cgroups, 'cgroup.controllers'), '');
  mkdirSync(join(cgroups, 'cis490'));
  const procs = join(cgroups, 'cis490/cgroup.procs');
  const { agent, local, start } = await actionsBy({ cgroups });
  const action = await start('sleep', '1000');
  expect(readFileSync(procs, 'utf8')).toBe(`${action.pid}\n`);
  // a plain file keeps what a kernel forgets
  agent.answer = (asked) => {
    if (!isAlive(action.pid)) writeFileSync(procs, '');
    return local.answer(asked);
  };
  expect(await action.end()).toBe(true);
  expect(await action.exited).toEqual({ code: null, signal: 'SIGTERM' });
  expect(local.scripts.at(-1)).toContain('kill -TERM');
});

test('a program that can not enter the group of actions is not executed: nobody could end it', async () => {
  const cgroups = temporaryFolder();
  writeFileSync(join(cgroups, 'cgroup.controllers'), '');
  mkdirSync(join(cgroups, 'cis490/cgroup.procs'), { recursive: true }); // a folder: nothing can be written to it
  const { folder, start } = await actionsBy({ cgroups });
  await expect(start('touch', join(folder, 'ran'))).rejects.toThrow('could not be executed in the guest');
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});

test('an agent that never tells how an action fares does not hold up the end', async () => {
  const { agent, local, start } = await actionsBy();
  const action = await start('sleep', '1000');
  onTestFinished(() => void process.kill(action.pid, 'SIGKILL'));
  agent.answer = (asked) => (asked.execute === 'guest-exec-status' ? null : local.answer(asked));
  expect(await action.end()).toBe(false);
  expect(await action.exited).toEqual({ code: null, signal: null });
});

test('an agent that tells of an exit that can not be is not believed', async () => {
  const { agent, local, start } = await actionsBy();
  const action = await start('sleep', '1000');
  const lie = { exited: true, exitcode: { toString: 1 }, signal: '\x1b[31m', 'out-data': 7, 'err-truncated': [] };
  agent.answer = (asked) => (asked.arguments.pid === action.pid ? { return: lie } : local.answer(asked));
  expect(await action.exited).toEqual({ code: null, signal: null });
  expect(action.droppedBytes()).toBe(0);
  expect(await action.end()).toBe(true); // its members are looked for all the same
  expect(isAlive(action.pid)).toBe(false);
});
