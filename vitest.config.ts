import { defineConfig } from 'vitest/config';

/** Those that boot virtual machines: one at a time, and not beside recordings whose cadence is looked at. */
const LAB = 'test/integration/lab-*.test.ts';
/** Those that break the recorder and its machine on purpose, and so want them for themselves. */
const FAULTS = 'test/faults/**/*.test.ts';
/** Those in a real browser, which takes a core for itself. */
const BROWSER = 'test/browser/**/*.test.ts';

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
        test: { name: 'lab', include: [LAB], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: { name: 'browser', include: [BROWSER], maxWorkers: 1, sequence: { groupOrder: 3 } },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: [FAULTS],
          maxWorkers: 1,
          // on a machine that has much else to do some take four times as long as alone
          testTimeout: 900_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
