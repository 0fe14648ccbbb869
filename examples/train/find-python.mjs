import { spawnSync } from 'node:child_process';

/** The first Python that has what train.py imports; undefined if none has. PYTHON names one that is tried alone. */
export function findPython({ PYTHON } = process.env) {
  const candidates = PYTHON === undefined ? ['python3', '/usr/bin/python3'] : [PYTHON];
  return candidates.find((python) => spawnSync(python, ['-c', 'import sklearn, pandas']).status === 0);
}
