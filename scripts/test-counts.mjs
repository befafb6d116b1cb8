// Reads the runners' JSON reports into one count, so that the closing line can't claim what did not run.

export function countVitest(report) {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + (report.numFailedTestSuites > 0 && report.numFailedTests === 0 ? 1 : 0),
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

export function countPlaywright(report) {
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
}

const firstLine = (text) => (text ?? 'no reason given').split('\n')[0];

/** One line for each test that failed, as `file > test: reason`. */
export function failuresOfVitest(report) {
  return report.testResults.flatMap((file) => [
    ...(file.assertionResults.length === 0 && file.status === 'failed' ? [`${file.name}: ${firstLine(file.message)}`] : []),
    ...file.assertionResults
      .filter((one) => one.status === 'failed')
      .map((one) => `${file.name} > ${one.fullName}: ${firstLine(one.failureMessages?.[0])}`),
  ]);
}

const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];

/** The same for the browser's tests. */
export function failuresOfPlaywright(report) {
  const told = report.suites.flatMap(specsOf).flatMap((spec) =>
    spec.tests
      .filter((one) => one.status === 'unexpected' || one.status === 'flaky')
      .map((one) => {
        const result = one.results.find((each) => each.status !== 'passed');
        return `${spec.file} > ${spec.title} (${one.status}): ${firstLine(result?.error?.message)}`;
      }),
  );
  return [...told, ...report.errors.map((error) => `playwright: ${firstLine(error.message)}`)];
}

/** A test that may be skipped says why in its own title, or in that of its group: `(skipped: the reason)`. */
const reasonInTitle = /\(skipped: ([^)]+)\)/;

/** The reason of each skipped test, one entry a test. Without a reason its name stands there, so that it is found. */
export function skipsOfVitest(report) {
  return report.testResults.flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status === 'skipped' || status === 'pending' || status === 'todo')
      .map(({ fullName }) => reasonInTitle.exec(fullName)?.[1] ?? `no reason given by ${file.name} > ${fullName}`),
  );
}

export function skipsOfPlaywright(report) {
  return report.suites
    .flatMap(specsOf)
    .flatMap((spec) =>
      spec.tests
        .filter(({ status }) => status === 'skipped')
        .map(
          ({ annotations }) =>
            annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description ??
            `no reason given by ${spec.file} > ${spec.title}`,
        ),
    );
}

/** One line a reason, with how many tests it kept from running. */
export function skipLines(reasons) {
  const counts = new Map();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `skipped: ${count} ${count === 1 ? 'test' : 'tests'}: ${reason}`);
}

/** What a step's output said of what it skipped. */
export function parseSkips(output) {
  return output.match(/^skip {2}.+$|^skipped: .+$/gm) ?? [];
}

export function addCounts(...counts) {
  return counts.reduce(
    (sum, one) => ({ passed: sum.passed + one.passed, failed: sum.failed + one.failed, skipped: sum.skipped + one.skipped }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The plain line that continuous integration reads. */
export function closingLine({ passed, failed, skipped }) {
  return `tests: ${passed} passed, ${failed} failed, ${skipped} skipped`;
}

const maximumFailureLines = 40;

/** What a failed step said of its failures: its own `failed:` lines, or else the end of what it printed. */
export function failureLines(output) {
  // eslint-disable-next-line no-control-regex -- colours are control characters
  const lines = output.replace(/\u001B\[[\d;]*m/g, '').split('\n');
  const told = lines.filter((line) => /^failed: |^not ok|^\s*[×✘] /.test(line));
  return (told.length > 0 ? told : lines.filter((line) => line.trim() !== '')).slice(-maximumFailureLines);
}

/** The last closing line in a step's output, or null when it prints none. */
export function parseClosingLine(output) {
  const lines = output.match(/^tests: \d+ passed, \d+ failed, \d+ skipped$/gm);
  if (lines === null) return null;
  const [passed, failed, skipped] = lines.at(-1).match(/\d+/g).map(Number);
  return { passed, failed, skipped };
}

/** Vitest's own closing line, for a step that is one Vitest run. */
export function parseVitest(output) {
  // eslint-disable-next-line no-control-regex -- colours are control characters
  const line = output.replace(/\u001B\[[\d;]*m/g, '').match(/^\s+Tests\s+(.+)$/m)?.[1];
  if (line === undefined) return null;
  const count = (word) => Number(line.match(new RegExp(`(\\d+) ${word}`))?.[1] ?? 0);
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}
