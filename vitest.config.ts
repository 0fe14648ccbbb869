import { defineConfig } from 'vitest/config';

/** Those that boot virtual machines, each of which takes a core: not beside recordings whose cadence is looked at. */
const LAB = 'test/integration/lab-*.test.ts';
/** Those that break the recorder and its machine on purpose, and so want them for themselves. */
const FAULTS = 'test/faults/**/*.test.ts';
/** Of these, those that break what reads and ships episodes: no cadence is looked at, so two may run at a time. */
const READER_FAULTS = 'test/faults/{dataset,hostile,kill-recovery,planted,ship}*.test.ts';
/** Those in a real browser, which takes a core for itself. */
const BROWSER = 'test/browser/**/*.test.ts';
/** On a machine that has much else to do some take four times as long as alone. */
const FAULTS_TIMEOUT_MS = 900_000;

export default defineConfig({
  test: {
    globalSetup: [],
    // the commands print on the process's own streams
    disableConsoleIntercept: true,
    // many run the program a dozen times, on machines that have other things to do
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: { include: ['src/**'], exclude: ['src/commands/**', 'src/cli/**', 'src/core/collection/worker*.ts'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'program',
          include: ['test/**/*.test.ts'],
          exclude: [LAB, FAULTS, BROWSER],
          // recordings on the clock: two at a time are what two cores carry
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'lab', include: [LAB], maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: { name: 'browser', include: [BROWSER], maxWorkers: 1, sequence: { groupOrder: 4 } },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: [FAULTS],
          exclude: [READER_FAULTS],
          maxWorkers: 1,
          testTimeout: FAULTS_TIMEOUT_MS,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'reader-faults',
          include: [READER_FAULTS],
          maxWorkers: 2,
          testTimeout: FAULTS_TIMEOUT_MS,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
