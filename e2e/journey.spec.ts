// The whole way of a record on our own cluster.

import { test } from './fixtures.ts';
import { walk } from './journey.ts';

test('nothing is lost or rounded between the dialogs, the log and other clients', async ({ page, home, kafka, topicName }) => {
  await walk({ page, home, kafka, topic: topicName });
});
