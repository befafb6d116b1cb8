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
const executablePath = process.env['LOGARIUM_BROWSER'];

// The cluster under test is started once by e2e/global-set-up.ts: the built console on three real broker processes.
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/global-set-up.ts',
  outputDir: 'artefacts/playwright',
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 60_000 },
  // A shared machine may stall for longer than any patience; a test that passes only on its second try is told as flaky.
  retries: process.env['CI'] === undefined ? 0 : 1,
  use: {
    // An action that finds nothing to act on fails as soon as an expectation would, not when the whole test runs out.
    actionTimeout: 45_000,
    navigationTimeout: 120_000,
    viewport: { width: 1600, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: { args: browserArgs, ...(executablePath === undefined ? {} : { executablePath }) },
  },
});
