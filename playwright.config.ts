import { defineConfig } from '@playwright/test';

const browserArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
// No test is timed or tried twice: what is awaited may take as long as it takes on this machine. What has not come after this
// long never will, and is told as what was awaited, before the whole test runs out.
const stalledMs = 180_000;
const executablePath = process.env['LOGARIUM_BROWSER'];

// The cluster under test is started once by e2e/global-set-up.ts: the built console on three real broker processes.
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/global-set-up.ts',
  outputDir: 'artefacts/playwright',
  workers: 1,
  timeout: 15 * 60_000,
  expect: { timeout: stalledMs },
  use: {
    actionTimeout: stalledMs,
    navigationTimeout: stalledMs,
    viewport: { width: 1600, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: { args: browserArgs, ...(executablePath === undefined ? {} : { executablePath }) },
  },
});
