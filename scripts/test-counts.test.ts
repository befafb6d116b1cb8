import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { parseSkips, skipLines, skipsOfPlaywright, skipsOfVitest } from './test-counts.mjs';

const vitest = {
  testResults: [
    {
      name: '/here/a.test.ts',
      assertionResults: [
        { status: 'passed', fullName: 'one' },
        { status: 'skipped', fullName: 'against Kafka (skipped: no Kafka here) two' },
        { status: 'pending', fullName: 'against Kafka (skipped: no Kafka here) three' },
        { status: 'todo', fullName: 'four' },
      ],
    },
  ],
};

const playwright = {
  suites: [
    {
      suites: [
        {
          specs: [
            { file: 'b.spec.ts', title: 'five', tests: [{ status: 'expected', annotations: [] }] },
            { file: 'b.spec.ts', title: 'six', tests: [{ status: 'skipped', annotations: [{ type: 'skip', description: 'no browser' }] }] },
          ],
        },
      ],
    },
  ],
};

test('every skipped test is counted under its reason, and one without a reason is named', () => {
  expect(skipLines([...skipsOfVitest(vitest), ...skipsOfPlaywright(playwright)])).toEqual([
    'skipped: 2 tests: no Kafka here',
    'skipped: 1 test: no reason given by /here/a.test.ts > four',
    'skipped: 1 test: no browser',
  ]);
});

test('what a step said of what it skipped is found in its output, whatever stands around it', () => {
  const output =
    'ok    kcat: produce\nskip  kafka-python: not installed\nskipped: 2 tests: no Kafka here\ntests: 1 passed, 0 failed, 3 skipped';
  expect(parseSkips(output)).toEqual(['skip  kafka-python: not installed', 'skipped: 2 tests: no Kafka here']);
});

/** The Node that a newcomer's first `npm test` runs on: the one that is found when ours is not installed yet. */
const machinePath = (process.env['PATH'] ?? '').split(delimiter).filter((place) => !place.includes('node_modules'));
const env = { ...process.env, PATH: machinePath.join(delimiter) };
const machineNode = spawnSync('node', ['-p', 'process.version'], { env, encoding: 'utf8' });

test.skipIf(machineNode.status !== 0)("the closing lines are written by the machine's own Node (skipped: it has none)", () => {
  const file = JSON.stringify(pathToFileURL(join(import.meta.dirname, 'test-counts.mjs')).href);
  const script = `import(${file}).then((m) => {
    const counts = m.addCounts(m.countVitest({ numPassedTests: 1, numFailedTests: 0, numFailedTestSuites: 0, numPendingTests: 1 }));
    console.log([...m.skipLines(['a', 'a']), ...m.parseSkips('skip  b'), ...m.failureLines('failed: c'), m.closingLine(counts)].join('|'));
  })`;
  const { stdout, stderr } = spawnSync('node', ['-e', script], { env, encoding: 'utf8' });
  expect([stdout.trim(), stderr]).toEqual(['skipped: 2 tests: a|skip  b|failed: c|tests: 1 passed, 0 failed, 1 skipped', '']);
});
