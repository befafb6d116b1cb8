// Requests encoded once, before the clock runs. Only the correlation id changes from send to send.

import { encodeRequestFrame } from '#engine/protocol/headers.ts';
import { fetchApi } from '#engine/protocol/apis/01-fetch.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import type { LoadPlan } from './plan.ts';

const clientId = 'bench';
const timeoutMs = 30_000;
export const produceVersion = 9;
const fetchVersion = 12;
const correlationAt = 8;

/** A batch as a client would build it: distinct values, no compression. */
export function makeBatch(plan: Pick<LoadPlan, 'recordBytes' | 'recordsPerBatch'>): Uint8Array {
  const timestamp = 1_700_000_000_000;
  const records = Array.from({ length: plan.recordsPerBatch }, (_, index) => {
    const value = Buffer.alloc(plan.recordBytes, 97);
    value.writeUInt32BE(index);
    return { key: null, value, timestamp, headers: [] };
  });
  return buildBatch(records);
}

/** The produce request for one partition. */
export function makeProduceFrame(plan: Pick<LoadPlan, 'topic' | 'acks'>, partition: number, batch: Uint8Array): Buffer {
  const body = { acks: plan.acks, timeoutMs, topicData: [{ name: plan.topic, partitionData: [{ index: partition, records: batch }] }] };
  return Buffer.concat(encodeRequestFrame(produceApi, { version: produceVersion, correlationId: 0, clientId }, body));
}

/** A sessionless fetch of one partition from `offset`. */
export function makeFetchFrame(plan: LoadPlan, partition: number, offset: number): Buffer {
  const body = {
    maxWaitMs: 500,
    minBytes: 1,
    maxBytes: plan.fetchBytes,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [
      {
        topic: plan.topic,
        partitions: [
          {
            partition,
            currentLeaderEpoch: -1,
            fetchOffset: offset,
            lastFetchedEpoch: -1,
            logStartOffset: -1,
            partitionMaxBytes: plan.fetchBytes,
          },
        ],
      },
    ],
  };
  return Buffer.concat(encodeRequestFrame(fetchApi, { version: fetchVersion, correlationId: 0, clientId }, body));
}

/** Stamps the correlation id into an encoded frame. */
export function stampCorrelation(frame: Buffer, correlationId: number): void {
  frame.writeInt32BE(correlationId, correlationAt);
}
