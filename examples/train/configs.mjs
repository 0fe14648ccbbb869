import { fileURLToPath } from 'node:url';

const fileOf = (path) => fileURLToPath(new URL(path, import.meta.url));
const TARGET = fileOf('target.sh');
const MAKE_BUSY = fileOf('../workload/make-busy.sh');

/** A malicious arm and its benign twin: the load is alike, the behaviour is not. */
const TWINS = [
  { id: 'miner', technique: 'T1496', malicious: 'mine', benign: 'encode' },
  { id: 'ransomware', technique: 'T1486', malicious: 'encrypt', benign: 'backup' },
];

/**
 * Configurations of `pairs` pairs of short episodes, in the order in which to record them. The arms of a pair share all
 * but the behaviour: the seed too, and with it the length of each phase. Every other pair begins with its benign arm,
 * so that the order does not tell the arms apart.
 */
export function pairConfigs(pairs) {
  return Array.from({ length: pairs }, (_, i) => {
    const arms = [arm(i, 'malicious'), arm(i, 'benign')];
    return i % 2 === 0 ? arms : arms.toReversed();
  }).flat();
}

function arm(index, label) {
  const { id, technique, ...work } = TWINS[index % TWINS.length];
  const action = { name: 'action', label, duration: { min: '3s', max: '3500ms' }, run: ['sh', MAKE_BUSY] };
  return {
    scenario: { id, arm: label, pair: index + 1 },
    seed: index + 1,
    target: { type: 'command', argv: ['sh', TARGET, work[label]] },
    phases: [
      { name: 'baseline', label: 'benign', duration: { min: '2s', max: '2500ms' } },
      label === 'malicious' ? { ...action, technique } : action,
    ],
    collectors: { host_proc: { interval: '100ms' }, system: { interval: '100ms' } },
  };
}
