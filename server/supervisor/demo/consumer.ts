// A demo consumer: one member of a real kafkajs consumer group, in a process of its own.

import { startDemoProcess } from './demo-client.ts';

const { plan, kafka, count, tell, onStop, ensureTopic } = startDemoProcess();
const consumer = kafka.consumer({
  groupId: plan.groupId,
  allowAutoTopicCreation: false,
  maxWaitTimeInMs: 500,
  sessionTimeout: 10_000,
  heartbeatInterval: 1_000,
  retry: { retries: 20 },
});

onStop(() => consumer.disconnect());
await ensureTopic();
await consumer.connect();
await consumer.subscribe({ topics: [plan.topic], fromBeginning: false });
tell({ type: 'running' });
await consumer.run({
  autoCommitInterval: 1_000,
  eachBatch: async ({ batch, resolveOffset, heartbeat, commitOffsetsIfNecessary }) => {
    for (const message of batch.messages) resolveOffset(message.offset);
    count(batch.messages.length);
    await commitOffsetsIfNecessary();
    await heartbeat();
  },
});
