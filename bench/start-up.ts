// How long three brokers take from their processes' start, on an existing data directory, to the first acknowledged
// produce. Beside it, as the machine's own measure, a bare Node process that listens and answers.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { brokerNodeArgs } from '#server/supervisor/broker-node-args.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { makeBatch } from './load/frames.ts';
import { median } from './load/measure.ts';
import { brokerMain, freePort, residentBytes, startLimit } from './load/servers.ts';
import { createTopic } from './load/topics.ts';

const brokerIds = [1, 2, 3];
const rounds = 3;
const barMs = 1_500;
const topic = 'start-up';

interface Fleet {
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

function launch(data: string, ports: readonly number[], controllerPorts: readonly number[]): Fleet {
  const voters = brokerIds.map((id) => `${id}@127.0.0.1:${controllerPorts[id - 1]}`).join(',');
  const children = brokerIds.map((id) => {
    const args = [
      '--node-id',
      String(id),
      '--roles',
      'broker,controller',
      '--controller-port',
      String(controllerPorts[id - 1]),
      '--host',
      '127.0.0.1',
      '--port',
      String(ports[id - 1]),
      '--voters',
      voters,
      '--data',
      join(data, `broker-${id}`),
      '--cluster-id',
      'AAAAAAAAAAAAAAAAAAAAAQ',
    ];
    return spawn(process.execPath, [...brokerNodeArgs, brokerMain, ...args], { stdio: 'ignore' });
  });
  const stop = (): Promise<void> =>
    Promise.all(
      children.map(
        (child) =>
          new Promise<void>((settle) => {
            child.once('exit', () => settle());
            child.kill('SIGTERM');
          }),
      ),
    ).then(() => undefined);
  return { pids: children.map((child) => child.pid ?? 0), stop };
}

/** Sends one batch to each of the topic's partitions until all are acknowledged: every broker leads one. */
async function untilProduced(port: number): Promise<void> {
  const batch = makeBatch({ recordBytes: 10, recordsPerBatch: 1 });
  const client = new KafkaClient(nodeWorld(), { bootstrap: [{ host: '127.0.0.1', port }], clientId: 'bench-start' });
  for (let partition = 0; partition < brokerIds.length;) {
    try {
      const leader = (await client.metadata(0)).topics.get(topic)?.partitions[partition]?.leaderId ?? -1;
      const answer = await client.toBroker(leader, produceApi, {
        acks: 1,
        timeoutMs: 1_000,
        topicData: [
          {
            name: topic,
            topicId: (await client.metadata(60_000)).topics.get(topic)?.topicId,
            partitionData: [{ index: partition, records: batch }],
          },
        ],
      } as never);
      if (answer.responses[0]?.partitionResponses[0]?.errorCode === 0) partition += 1;
    } catch {
      await new Promise((wake) => setTimeout(wake, 5)); // not up yet: that is what is measured
    }
  }
  client.close();
}

export async function measureStart(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'logarium-start-'));
  const ports = await Promise.all(brokerIds.map(() => freePort()));
  const controllerPorts = [await freePort(), await freePort(), await freePort()];
  const first = launch(data, ports, controllerPorts);
  await createTopicWhenUp(ports[0] ?? 0);
  await untilProduced(ports[0] ?? 0);
  await first.stop();
  const times: number[] = [];
  const bare: number[] = [];
  let idle: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedMs = performance.now();
    const fleet = launch(data, ports, controllerPorts);
    await untilProduced(ports[0] ?? 0);
    times.push(performance.now() - startedMs);
    idle = fleet.pids.map((pid) => residentBytes(pid));
    await fleet.stop();
    const bareMs = performance.now();
    await (await startLimit('echo', 0)).stop();
    bare.push(performance.now() - bareMs);
  }
  rmSync(data, { recursive: true, force: true });
  console.log(
    `\nstart of three brokers from an existing directory to the first produce on each: ${median(times).toFixed(0)} ms (under ${barMs}: ${median(times) < barMs ? 'met' : 'MISSED'}); a bare Node server here starts and stops in ${median(bare).toFixed(0)} ms, ratio ${(median(times) / median(bare)).toFixed(1)}`,
  );
  console.log(`resident memory of the three then: ${idle.map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`).join(', ')}`);
}

const upTries = 100;

async function createTopicWhenUp(port: number): Promise<void> {
  for (let tried = 0; tried < upTries; tried++) {
    try {
      await createTopic(port, topic, brokerIds.length);
      return;
    } catch (error) {
      if (error instanceof Error && error.message.includes('error 36')) return; // it exists: made on an earlier try
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }
  throw new Error('the brokers did not come up');
}
