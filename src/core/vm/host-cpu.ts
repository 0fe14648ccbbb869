import { readFileSync } from 'node:fs';
import { release } from 'node:os';

const LINES = ['model name', 'microcode', 'flags'];

/** What a guest under KVM sees of this machine, and so goes on with from a saved state: its first CPU, and its kernel. */
export function hostCpu(cpuinfo = readFileSync('/proc/cpuinfo', 'latin1')): readonly string[] {
  const [first] = cpuinfo.split('\n\n', 1);
  return [release(), ...first!.split('\n').filter((line) => LINES.includes(line.split(/\s*:/, 1)[0]!))];
}
