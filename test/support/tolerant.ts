import { join } from 'node:path';
import { ROOT, readJson } from './cli.js';

const FILE = join(ROOT, 'test/support/tolerant.json');

/** `grade` of a configuration: for tests that are not about the cadence, which a busy machine, or one under emulation, takes from any recorder. */
export const TOLERANT: object = readJson(FILE).grade;

/** The same for a start that has its other settings from flags. */
export const TOLERANT_FLAGS = ['--config', FILE] as const;
