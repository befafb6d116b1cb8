import { defineConfig } from 'vitest/config';

// Two cores are shared by brokers, clients and the tests themselves: few workers, generous limits, no timed assertions.
const workers = 2;
// Tests over real processes and sockets get a second try in continuous integration, as the browser's do: a shared machine
// may stall for longer than a client's own patience. Tests of pure code get none.
const retry = process.env['CI'] === undefined ? 0 : 1;

export default defineConfig({
  test: {
    maxWorkers: workers,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    projects: [
      { extends: true, test: { name: 'engine', include: ['server/engine/**/*.test.ts'], exclude: ['server/engine/{sim,conformance}/**'] } },
      { extends: true, test: { name: 'sim', include: ['server/engine/sim/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'server',
          retry,
          include: ['server/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['server/engine/**', '**/real-kafka.test.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'ui', include: ['components/**/*.test.ts', 'components/**/*.test.tsx', 'app/**/*.test.ts', 'app/**/*.test.tsx'] },
      },
      // Against the real Apache Kafka; only where its tool is (`.ci/run`).
      {
        extends: true,
        test: {
          name: 'real-kafka',
          retry,
          include: ['server/**/real-kafka.test.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          retry,
          include: ['server/engine/conformance/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
