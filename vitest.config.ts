import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from './test/closing-line-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/build-code.ts',
    // No module of ours keeps state that a test could see, so files may share a worker: six times faster than
    // isolation.
    pool: 'threads',
    isolate: false,
    maxWorkers: 2,
    retry: 0,
    // A guard against endless loops only: no test reads a clock.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', new ClosingLineReporter()],
  },
});
