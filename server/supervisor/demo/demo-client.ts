// What the demo producer and consumer share: the kafkajs connection, the one-second report to the supervisor, and
// the end of the process when the supervisor stops it or is gone.

import { Kafka, logLevel } from 'kafkajs';
import type { DemoClientMessage, DemoClientPlan } from './messages.ts';

const retries = 20;

export interface DemoProcess {
  readonly plan: DemoClientPlan;
  readonly kafka: Kafka;
  /** Adds to the count that the next report tells. */
  count(records: number): void;
  tell(message: DemoClientMessage): void;
  /** Creates the plan's topic when it isn't there; several clients may ask at once. */
  ensureTopic(): Promise<void>;
  /** Runs `close` once, then ends the process, when the supervisor says so or is gone. */
  onStop(close: () => Promise<void>): void;
}

export function startDemoProcess(): DemoProcess {
  const plan = JSON.parse(process.argv[2] ?? '') as DemoClientPlan;
  const tell = (message: DemoClientMessage): void => void (process.connected && process.send?.(message));
  const kafka = new Kafka({
    clientId: plan.clientId,
    brokers: [...plan.bootstrap],
    retry: { initialRetryTime: 100, retries, maxRetryTime: 5_000 },
    logLevel: logLevel.ERROR,
    logCreator:
      () =>
      ({ log }) =>
        tell({ type: 'trouble', reason: log.message }),
  });
  let records = 0;
  let reported = 0;
  setInterval(() => {
    tell({ type: 'progress', records, recordsPerSecond: records - reported });
    reported = records;
  }, 1_000);
  return { plan, kafka, tell, count: (more) => void (records += more), ensureTopic: () => ensureTopic(kafka, plan), onStop: stopOnce };
}

async function ensureTopic(kafka: Kafka, plan: DemoClientPlan): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const known = await admin.listTopics();
  if (!known.includes(plan.topic))
    await admin.createTopics({ topics: [{ topic: plan.topic, numPartitions: plan.partitions }], waitForLeaders: true });
  await admin.disconnect();
}

function stopOnce(close: () => Promise<void>): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    const deadline = setTimeout(() => process.exit(1), 5_000);
    void close().then(
      () => {
        clearTimeout(deadline);
        process.exit(0);
      },
      () => process.exit(1),
    );
  };
  process.on('message', stop);
  process.on('disconnect', stop);
  process.on('SIGTERM', stop);
}
