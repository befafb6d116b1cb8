// What every browser test stands on: the address of the console under test, real Kafka clients beside the browser, and
// a page that fails its test when the console logs an error or a request breaks.

import { test as base, expect, type Page } from '@playwright/test';
import { Kafka, logLevel } from 'kafkajs';

export interface Fixtures {
  readonly consoleUrl: string;
  readonly kafka: Kafka;
  /** A topic name that no other test uses. */
  readonly topicName: string;
  readonly quietPage: Page;
}

let topicNumber = 0;

export const test = base.extend<Fixtures>({
  consoleUrl: async ({}, use) => {
    await use(requireVariable('LOGARIUM_E2E_CONSOLE'));
  },
  kafka: async ({}, use) => {
    await use(new Kafka({ clientId: 'e2e', brokers: requireVariable('LOGARIUM_E2E_BOOTSTRAP').split(','), logLevel: logLevel.NOTHING }));
  },
  topicName: async ({}, use, info) => {
    await use(`e2e-${info.workerIndex}-${topicNumber++}-${Date.now().toString(36)}`);
  },
  quietPage: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
    await use(page);
    expect(complaints, 'errors in the browser console').toEqual([]);
  },
});

export { expect };

function requireVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the browser tests through \`npm test\``);
  return value;
}
