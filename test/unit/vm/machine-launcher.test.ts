import { beforeEach, expect, test } from 'vitest';
import { CisError } from '../../../src/core/errors/cis-error.js';
import { type LaunchOptions, launchMachine } from '../../../src/core/vm/machine-launcher.js';
import type { SavedState } from '../../../src/core/vm/saved-state.js';
import type { StartMachineOptions, VirtualMachine } from '../../../src/core/vm/virtual-machine.js';
import { fakeMachine } from '../support/fake-tools.js';
import { plannedVm } from '../support/planned-vm.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const STATE: SavedState = { id: '0123456789abcdef', path: '/states/x/state.bin', disks: [] };

beforeEach(() => {
  const version = 'case $1 in --version) echo "QEMU emulator version 7.2.22" ;; *) exit 1 ;; esac';
  fakeMachine({ 'bin/qemu-system-x86_64': `#!/bin/sh\n${version}\n` });
  process.env.CIS490_LAB = temporaryFolder(); // of this file's process alone
});

type Step = 'start cold' | 'start restored' | 'agent cold' | 'agent restored' | 'save';

/** A launch in which these steps fail, each as often as it is told; what happened, in order. */
function launchThat({ fail = {}, found = null, planned = {}, on = () => {}, verified = Promise.resolve() }: Scenario) {
  const told: string[] = [];
  const open = new Set<VirtualMachine>();
  const left = { ...fail };
  const timeouts: number[] = [];
  const step = async (name: Step) => {
    on(name);
    const error = left[name]?.shift();
    told.push(error === undefined ? name : `${name} fails`);
    if (error !== undefined) throw error;
  };
  const start = async ({ statePath }: StartMachineOptions): Promise<VirtualMachine> => {
    const how = statePath === null ? 'cold' : 'restored';
    await step(`start ${how}`);
    const close = async () => {
      if (open.delete(machine)) told.push('closed');
      return true;
    };
    const untilAgent = (timeoutMs: number) => {
      timeouts.push(timeoutMs);
      return step(`agent ${how}`);
    };
    const machine = { untilAgent, close } as unknown as VirtualMachine;
    open.add(machine);
    return machine;
  };
  const states: LaunchOptions['states'] = {
    find: () => found,
    save: async () => {
      await step('save');
      return STATE;
    },
    discard: ({ id }) => void told.push(`discarded ${id}`),
  };
  const givenUp = new AbortController();
  const silent = { onEvent() {}, onConsole() {}, onMessage() {} };
  const launched = launchMachine({
    planned: plannedVm(planned),
    files: { kernelPath: '/k', initrdPath: '/i', append: '', disks: [], image: null, identity: {}, verified },
    states,
    common: { user: null, marks: {}, wrapper: [], ...silent },
    signal: givenUp.signal,
    start,
  });
  return { launched, told, open, timeouts, giveUp: () => givenUp.abort(new Error('given up')) };
}

interface Scenario {
  readonly fail?: Partial<Record<Step, Error[]>>;
  readonly found?: SavedState | null;
  readonly planned?: Parameters<typeof plannedVm>[0];
  readonly on?: (step: Step) => void;
  readonly verified?: Promise<void>;
}

const unreachable = () => new CisError('GUEST_UNREACHABLE', 'the virtual machine did not reach its agent in 10 s');

test('a machine goes on from its saved state', async () => {
  const { launched, told } = launchThat({ found: STATE });
  expect((await launched).start).toEqual({ mode: 'restored', state_id: STATE.id, fallback: null });
  expect(told).toEqual(['start restored', 'agent restored']);
});

test('a machine that takes long to boot has as long for going on', async () => {
  const slow = launchThat({ found: STATE, planned: { bootTimeoutNs: 300e9 } });
  await slow.launched;
  expect(slow.timeouts).toEqual([300_000]);
  const quick = launchThat({ found: STATE, planned: { bootTimeoutNs: 1e9 } });
  await quick.launched;
  expect(quick.timeouts).toEqual([10_000]);
});

test('where there is none it is booted, saved and ended, and another goes on from that', async () => {
  const { launched, told, open } = launchThat({});
  const { start, machine } = await launched;
  expect(start).toEqual({ mode: 'restored', state_id: STATE.id, fallback: null });
  expect(told).toEqual(['start cold', 'agent cold', 'save', 'closed', 'start restored', 'agent restored']);
  expect([...open]).toEqual([machine]);
});

test('one that is to be booted is booted, whatever was saved', async () => {
  const { launched, told } = launchThat({ found: STATE, planned: { start: 'cold' } });
  expect((await launched).start).toEqual({ mode: 'cold', state_id: null, fallback: null });
  expect(told).toEqual(['start cold', 'agent cold']);
});

test('of an image that is not what its manifest says no state is kept', async () => {
  const verified = Promise.reject(new CisError('LAB_IMAGE_INVALID', 'not the file'));
  const { launched, told, open } = launchThat({ verified });
  await expect(launched).rejects.toMatchObject({ code: 'LAB_IMAGE_INVALID' });
  expect(told).toEqual(['start cold', 'agent cold', 'closed']);
  expect(open.size).toBe(0);
});

test('one that can not be saved is booted anew, and the reason is told', async () => {
  const { launched, told, open } = launchThat({ fail: { save: [new Error('no space left on device')] } });
  const { start, machine } = await launched;
  expect(start).toEqual({ mode: 'cold', state_id: null, fallback: 'no space left on device' });
  expect(told).toEqual(['start cold', 'agent cold', 'save fails', 'closed', 'start cold', 'agent cold']);
  expect([...open]).toEqual([machine]);
});

test.each(['start restored', 'agent restored'] as const)(
  'a state that can not be gone on from is discarded, and the machine booted: %s',
  async (step) => {
    const { launched, told, open } = launchThat({ found: STATE, fail: { [step]: [unreachable()] } });
    const { start, machine } = await launched;
    expect(start.mode).toBe('cold');
    expect(start.fallback).toContain('did not reach its agent');
    expect(told).toContain(`discarded ${STATE.id}`);
    expect(told.slice(-2)).toEqual(['start cold', 'agent cold']);
    expect([...open]).toEqual([machine]);
  },
);

test('a machine that does not boot is not booted a second time, and nothing is left of it', async () => {
  const { launched, told, open } = launchThat({ fail: { 'agent cold': [unreachable()] } });
  await expect(launched).rejects.toMatchObject({ code: 'GUEST_UNREACHABLE' });
  expect(told).toEqual(['start cold', 'agent cold fails', 'closed']);
  expect(open.size).toBe(0);
});

test('KVM that is asked for and does not work is told with what to do', async () => {
  const { launched, told } = launchThat({ planned: { accel: 'kvm' } });
  await expect(launched).rejects.toMatchObject({
    code: 'TARGET_UNSTARTABLE',
    message: expect.stringMatching(/^target\.accel is "kvm", but /),
    hint: expect.stringContaining('accel: tcg'),
  });
  expect(told).toEqual([]);
});

test('KVM that does not work and is not asked for is done without', async () => {
  const { launched } = launchThat({ planned: { accel: 'auto' } });
  expect((await launched).spec.accel).toBe('tcg');
});

const STEPS: readonly (readonly [Step, SavedState | null])[] = [
  ['start cold', null],
  ['agent cold', null],
  ['save', null],
  ['start restored', STATE],
  ['agent restored', STATE],
];

test.each(STEPS)(
  'a start that is given up during "%s" leaves no machine, and no state is discarded',
  async (at, found) => {
    let giveUp = () => {};
    let isGivenUp = false;
    const on = (step: Step) => {
      if (step === at) isGivenUp = true;
      if (step === at) giveUp();
    };
    // whatever is under way then fails, as it does with a machine that was closed
    const fail = at.startsWith('start') ? {} : { [at]: [unreachable()] };
    const scenario = launchThat({
      found,
      on,
      fail: at === 'save' ? { save: [new Error('the monitor is closed')] } : fail,
    });
    giveUp = scenario.giveUp;
    await expect(scenario.launched).rejects.toThrow();
    expect(isGivenUp).toBe(true);
    expect(scenario.open.size).toBe(0);
    expect(scenario.told.filter((what) => what.startsWith('discarded'))).toEqual([]);
  },
);

test('a start that was given up before it began starts nothing', async () => {
  const { launched, told, giveUp } = launchThat({ found: STATE });
  giveUp();
  await expect(launched).rejects.toThrow('given up');
  expect(told).toEqual([]);
});
