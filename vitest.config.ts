import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: [],
    // the commands print on the process's own streams
    disableConsoleIntercept: true,
    testTimeout: 30_000,
    // recordings on the clock: two at a time are what two cores carry
    maxWorkers: 2,
    coverage: { include: ['src/**'], exclude: ['src/commands/**', 'src/cli/**', 'src/core/collection/worker*.ts'] },
  },
});
