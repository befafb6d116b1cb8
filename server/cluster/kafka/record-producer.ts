// An idempotent producer with acks=all. Per partition, batches go one after the other and carry consecutive sequence
// numbers; a batch whose answer got lost is sent again with the same numbers, and the broker stores it once.
// Invariant: after an outcome that stayed unknown, nothing more is sent to that partition, as order can't be promised.

import { leaderOf } from '#engine/client/cluster-metadata.ts';
import { ClientError, ServerError, nullIfFailed, throwUnlessNone } from '#engine/client/errors.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { initProducerIdApi } from '#engine/protocol/apis/22-init-producer-id.ts';
import { isRetriable } from '#engine/protocol/error-codes.ts';
import { addSequence } from '#engine/protocol/records/batch.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import type { RawRecord, RecordProducer, SendInput } from '../raw-records.ts';
import { mayPass, type ClusterLink } from './link.ts';
import { toClusterError } from './to-cluster-error.ts';

/** Topics go by name up to here; ids would only matter if the topic were replaced meanwhile. */
const lastVersionWithNames = 12;
const requestTimeoutMs = 30_000;

export interface ProducerOptions {
  readonly link: ClusterLink;
  readonly client: KafkaClient;
  /** How long one batch is tried before its outcome counts as unknown. */
  readonly deliveryTimeoutMs: number;
}

interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
}

interface Lane {
  nextSequence: number;
  /** The last send of this partition, whatever its outcome. */
  tail: Promise<unknown>;
  broken: unknown;
}

export class IdempotentProducer implements RecordProducer {
  readonly #options: ProducerOptions;
  readonly #identity: ProducerIdentity;
  readonly #lanes = new Map<string, Lane>();
  #isClosed = false;

  static async open(options: ProducerOptions): Promise<IdempotentProducer> {
    const identity = await options.link.read(() => askIdentity(options.client));
    return new IdempotentProducer(options, identity);
  }

  private constructor(options: ProducerOptions, identity: ProducerIdentity) {
    this.#options = options;
    this.#identity = identity;
  }

  send(input: SendInput): Promise<{ readonly baseOffset: number }> {
    const lane = this.#lane(`${input.topic}-${input.partition}`);
    const sent = lane.tail.then(() => this.#sendNext(lane, input));
    lane.tail = sent.catch(() => undefined);
    return sent;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#lanes.values()].map((lane) => lane.tail));
  }

  #lane(key: string): Lane {
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane: Lane = { nextSequence: 0, tail: Promise.resolve(), broken: null };
    this.#lanes.set(key, lane);
    return lane;
  }

  async #sendNext(lane: Lane, input: SendInput): Promise<{ readonly baseOffset: number }> {
    if (lane.broken !== null) throw lane.broken;
    if (this.#isClosed) throw toClusterError(new ClientError('closed', 'this producer is closed'));
    const batch = buildBatch(input.records.map(toRecordInput), { producer: { ...this.#identity, baseSequence: lane.nextSequence } });
    try {
      const baseOffset = await this.#deliver(input, batch);
      lane.nextSequence = addSequence(lane.nextSequence, input.records.length);
      return { baseOffset };
    } catch (error) {
      const failure = toClusterError(error);
      if (!isRefusal(error)) lane.broken = failure;
      throw failure;
    }
  }

  async #deliver(input: SendInput, batch: Uint8Array): Promise<number> {
    const { link, client, deliveryTimeoutMs } = this.#options;
    const deadlineUs = link.world.clock.monotonicUs() + deliveryTimeoutMs * 1_000;
    for (let attempt = 0; ; attempt++) {
      try {
        return await produceOnce(client, input, batch);
      } catch (error) {
        const isHopeless = !mayPass(error) && !isTimeOut(error);
        if (isHopeless || link.world.clock.monotonicUs() >= deadlineUs) throw error;
        await link.pause(attempt);
        // The next try asks for the leader again; while no broker answers, it fails the same way until the deadline.
        await client.metadata(0).catch(nullIfFailed);
      }
    }
  }
}

async function askIdentity(client: KafkaClient): Promise<ProducerIdentity> {
  const answer = await client.toAny(initProducerIdApi, { transactionalId: null, transactionTimeoutMs: 0x7fff_ffff });
  throwUnlessNone(answer.errorCode, 'a producer id');
  return { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
}

async function produceOnce(client: KafkaClient, input: SendInput, batch: Uint8Array): Promise<number> {
  const about = `${input.topic}-${input.partition}`;
  const leader = leaderOf(await client.metadata(30_000), input.topic, input.partition);
  if (leader === null) throw new ClientError('no-route', `${about} has no leader now`);
  const topicData = [{ name: input.topic, partitionData: [{ index: input.partition, records: batch }] }];
  const answer = await client.toBroker(
    { brokerId: leader.brokerId, maxVersion: lastVersionWithNames, timeoutMs: 2 * requestTimeoutMs },
    produceApi,
    { transactionalId: null, acks: -1, timeoutMs: requestTimeoutMs, topicData },
  );
  const partition = answer.responses[0]?.partitionResponses[0];
  if (partition === undefined) throw new ClientError('malformed-response', 'a produce was answered without its partition');
  throwUnlessNone(partition.errorCode, about, partition.errorMessage);
  return partition.baseOffset;
}

/** The broker said no to this very batch, so its sequence numbers are free again. */
function isRefusal(error: unknown): boolean {
  return error instanceof ServerError && !isRetriable(error.errorCode);
}

function isTimeOut(error: unknown): boolean {
  return error instanceof ClientError && error.code === 'timed-out';
}

function toRecordInput(record: RawRecord) {
  const isSafe = record.timestampMs <= BigInt(Number.MAX_SAFE_INTEGER) && record.timestampMs >= BigInt(Number.MIN_SAFE_INTEGER);
  return {
    key: record.key,
    value: record.value,
    headers: record.headers,
    timestamp: Number(record.timestampMs),
    exactTimestamp: isSafe ? null : record.timestampMs,
  };
}
