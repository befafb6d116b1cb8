// What the tests of settings have in common: brokers with a setting, a topic, and what is asked of them.

import { expect } from 'vitest';
import { produceApi } from '../../protocol/apis/00-produce.ts';
import { fetchApi } from '../../protocol/apis/01-fetch.ts';
import { offsetCommitApi } from '../../protocol/apis/08-offset-commit.ts';
import { createTopicsApi } from '../../protocol/apis/19-create-topics.ts';
import { incrementalAlterConfigsApi } from '../../protocol/apis/44-incremental-alter-configs.ts';
import { errorCodes, errorName } from '../../protocol/error-codes.ts';
import type { Api, RequestInput, ResponseOf } from '../../protocol/schema.ts';
import { nextOffset } from '../../protocol/records/batch.ts';
import { batchesIn } from '../../protocol/records/batch-check.ts';
import { buildBatch, type BatchOptions } from '../../protocol/records/batch-builder.ts';
import { ControlPlane, secondUs } from './control-plane.ts';

export const timeout = 240_000;
export const brokerType = 4;

export type Settings = Readonly<Record<string, string>>;

/** Broker 1 votes; the others only follow. */
export function started(settings: Settings, nodes = 1): Promise<ControlPlane> {
  return ControlPlane.started({ seed: 7, nodes, voters: [1], settings });
}

export interface TopicPlan {
  readonly partitions?: number;
  readonly replicas?: number;
  readonly configs?: Settings;
}

export async function create(plane: ControlPlane, { partitions = 1, replicas = 1, configs = {} }: TopicPlan = {}): Promise<void> {
  const topic = {
    name: 't',
    numPartitions: partitions,
    replicationFactor: replicas,
    assignments: [],
    configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
  };
  const answer = await plane.ask(1, createTopicsApi, { topics: [topic], timeoutMs: 10_000, validateOnly: false });
  expect(errorName(answer.topics[0]?.errorCode ?? -1)).toBe('NONE');
  await plane.scheduler.run(secondUs);
}

/** In the newest version that names topics by their names. */
export async function askByName<A extends Api>(plane: ControlPlane, api: A, body: RequestInput<A>): Promise<ResponseOf<A>> {
  const client = plane.clientOf(1);
  const connection = await plane.settle(client.anyConnection());
  const answer = await plane.settle(connection.send(api, body, { maxVersion: api.key === offsetCommitApi.key ? 9 : 12 }));
  client.close();
  return answer;
}

export async function produce(
  plane: ControlPlane,
  value: string,
  options: BatchOptions & { readonly partition?: number } = {},
): Promise<void> {
  const timestamp = 1_780_000_000_000 + Math.floor(plane.scheduler.nowUs / 1_000);
  const records = buildBatch([{ key: Buffer.from('k'), value: Buffer.from(value), timestamp, headers: [] }], options);
  const topicData = [{ name: 't', partitionData: [{ index: options.partition ?? 0, records }] }];
  const body = { transactionalId: null, acks: 1, timeoutMs: 1_000, topicData };
  const answer = await askByName(plane, produceApi, body);
  expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(0);
}

export function fetchOf(partitions: number, change: { readonly sessionEpoch?: number } = {}) {
  const asked = Array.from({ length: partitions }, (_, partition) => ({ partition, fetchOffset: 0, partitionMaxBytes: 1_000_000 }));
  return { maxWaitMs: 0, minBytes: 0, maxBytes: 10_000_000, topics: [{ topic: 't', partitions: asked }], ...change };
}

/** How many batches stand in the partition. */
export async function stored(plane: ControlPlane): Promise<number> {
  // A fetch ends where a segment does.
  let count = 0;
  for (let offset = 0; ;) {
    const topics = [{ topic: 't', partitions: [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 1_000_000 }] }];
    const answer = await askByName(plane, fetchApi, { ...fetchOf(1), topics });
    const [partition] = answer.responses[0]?.partitions ?? [];
    if (partition?.errorCode === errorCodes.OFFSET_OUT_OF_RANGE) offset = partition.logStartOffset;
    else {
      const records = partition?.records ?? new Uint8Array();
      const batches = [...batchesIn(records)];
      const last = batches.at(-1);
      if (last === undefined) return count;
      count += batches.length;
      offset = nextOffset(records, last.at);
    }
  }
}

export async function alter(plane: ControlPlane, name: string, value: string): Promise<void> {
  const configs = [{ name, configOperation: 0, value }];
  const resources = [{ resourceType: brokerType, resourceName: '1', configs }];
  const answer = await plane.ask(1, incrementalAlterConfigsApi, { resources, validateOnly: false });
  expect(answer.responses[0]?.errorMessage ?? null).toBeNull();
  await plane.scheduler.run(secondUs);
}

export function fileOf(plane: ControlPlane, name: string): string {
  const { disk } = plane.node(1);
  return disk.exists(`/data/${name}`) ? Buffer.from(disk.readAll(`/data/${name}`)).toString() : '';
}
