import { defineConfig } from 'vitest/config';

// Two cores are shared by brokers, clients and the tests themselves: few workers, and no test is timed or tried twice. What is
// awaited may take as long as it takes on this machine; what has not come after stalledMs never will.
const workers = 2;
const stalledMs = 240_000;
const testMs = 300_000;

export default defineConfig({
  test: {
    maxWorkers: workers,
    testTimeout: testMs,
    hookTimeout: testMs,
    expect: { poll: { timeout: stalledMs } },
    projects: [
      { extends: true, test: { name: 'engine', include: ['server/engine/**/*.test.ts'], exclude: ['server/engine/{sim,conformance}/**'] } },
      { extends: true, test: { name: 'sim', include: ['server/engine/sim/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'server',
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
          include: ['server/**/real-kafka.test.ts'],
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          // kafkajs runs in the tests' own processes and passes negative delays to setTimeout. The brokers run in others, unaffected.
          execArgv: ['--disable-warning=TimeoutNegativeWarning'],
          include: ['server/engine/conformance/**/*.test.ts'],
          fileParallelism: false,
        },
      },
    ],
  },
});
