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
