import { expect, test } from 'vitest';
import { showText } from '../../../src/cli/render-episodes.js';

const META = {
  id: '01',
  status: 'complete',
  end_reason: 'target_exited',
  target: { type: 'qemu', pid: 7, argv: ['-name', 'x'], machine: {} },
  target_exit: { code: 0, signal: null, reason: 'guest-panic' },
  collectors: [],
  clocks: { drift_ns: null },
};

const shown = (machine: object) =>
  showText({ path: '/e', meta: { ...META, target: { ...META.target, machine } }, marker: null, labels: [] } as never);

test('of a virtual machine its start, its network and its end are shown, not its command line', () => {
  const network = { mode: 'isolated', capture: { packets: 12 } };
  const text = shown({ accelerator: 'tcg', start: { mode: 'restored', state_id: 'abc' }, network });
  expect(text).toContain('target: qemu 7 (tcg, restored from state abc, network isolated, 12 packets captured)\n');
  expect(text).toContain('ended: target_exited (guest-panic)');
  expect(text).not.toContain('-name');
  expect(shown({ accelerator: 'kvm', start: { mode: 'cold', state_id: null } })).toContain(
    '(kvm, booted, network none)',
  );
});

test('one that never ran is shown without', () => {
  expect(shown({})).toContain('target: qemu 7 -name x\n');
});
