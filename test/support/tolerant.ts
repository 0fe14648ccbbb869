import { join } from 'node:path';
import { ROOT, readJson } from './cli.js';

const FILE = join(ROOT, 'test/support/tolerant.json');

/** `grade` of a configuration: for tests that are not about the cadence, which a busy machine, or one under emulation, takes from any recorder. */
export const TOLERANT: object = readJson(FILE).grade;

/** Of a guest, which under emulation may take too long for an answer too. */
export const TOLERANT_OF_GUESTS = { ...TOLERANT, failed_samples: 1_000_000 };

/** What is tolerated, for a start that has its other settings from flags. */
export const TOLERANT_FLAGS = ['--config', FILE] as const;
