// What every browser test stands on: the address of the console under test, real Kafka clients beside the browser, and
// a page that fails its test when the console logs an error or a request breaks.

import { test as base, expect } from '@playwright/test';
import { Kafka } from 'kafkajs';
import { deleteTopics, kafkaAt } from './clients.ts';

interface Fixtures {
  readonly consoleUrl: string;
  /** The embedded cluster's pages. */
  readonly home: string;
  readonly kafka: Kafka;
  /** A topic name that no other test uses; whatever begins with it is deleted afterwards. */
  readonly topicName: string;
  readonly failOnComplaints: undefined;
}

let topicNumber = 0;

export const test = base.extend<Fixtures>({
  consoleUrl: async ({}, use) => {
    await use(requireVariable('LOGARIUM_E2E_CONSOLE'));
  },
  home: async ({ consoleUrl }, use) => {
    await use(`${consoleUrl}/c/embedded`);
  },
  kafka: async ({}, use) => {
    await use(kafkaAt(requireVariable('LOGARIUM_E2E_BOOTSTRAP')));
  },
  topicName: async ({ kafka }, use, info) => {
    const name = `e2e-${info.workerIndex}-${topicNumber++}-${Date.now().toString(36)}`;
    await use(name);
    await deleteTopics(kafka, (topic) => topic.startsWith(name));
  },
  // A page that works logs nothing: an error in the browser's console fails the test it happened in.
  failOnComplaints: [
    async ({ page }, use, info) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
      });
      await use(undefined);
      const isExpected = info.annotations.some((annotation) => annotation.type === 'breaks requests');
      const unexpected = isExpected ? complaints.filter((complaint) => !complaint.startsWith('Failed to load resource')) : complaints;
      expect(unexpected, 'errors in the browser console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export function requireVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the browser tests through \`npm test\``);
  return value;
}
