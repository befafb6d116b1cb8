// A controller under test: an image, its heartbeats and a clock that only moves when told. Decisions are applied as the
// driver would, so that state is built through the public door.

import { toTopicId, type TopicId } from '#engine/base/brand.ts';
import { BrokerHeartbeats } from '../brokers/heartbeats.ts';
import { decideHeartbeat, decideRegistration, type HeartbeatAnswer } from '../brokers/broker-registry.ts';
import type { ControllerView, Decision } from '../decision.ts';
import { bootstrapRecords } from '../features/update-features.ts';
import { supportedFeatures } from '../features/feature-table.ts';
import { emptyImage, type ClusterImage, type PartitionImage } from '../image/cluster-image.ts';
import { replayAll } from '../image/replay.ts';
import { decideCreateTopics } from '../topics/create-topics.ts';

export const sessionTimeoutMs = 9_000;

export class TestController {
  image: ClusterImage;
  nowMs = 1_000_000;
  readonly heartbeats = new BrokerHeartbeats();
  readonly staticConfigs: Map<string, string>;
  #drawn = 0;
  #ids = 0;

  constructor(staticConfigs = new Map<string, string>()) {
    this.staticConfigs = staticConfigs;
    this.image = replayAll(emptyImage, bootstrapRecords(this.staticConfigs), 1);
  }

  view(): ControllerView {
    return {
      image: this.image,
      heartbeats: this.heartbeats,
      nowMs: this.nowMs,
      nextOffset: this.image.offset + 1,
      settings: {
        clusterId: 'cluster',
        defaultPartitions: 2,
        defaultReplicationFactor: 1,
        sessionTimeoutMs,
        staticConfigs: this.staticConfigs,
      },
      nextInt: (bound) => this.#drawn++ % bound,
      newTopicId: () => newId(++this.#ids),
    };
  }

  apply<Answer>(decision: Decision<Answer>): Answer {
    this.image = replayAll(this.image, decision.records, 1);
    decision.onAppended?.();
    return decision.answer;
  }

  /** A new process of the broker, behind one that ended without order if there was any. */
  register(brokerId: number, incarnation = brokerId, directory = incarnation): number {
    return this.#register(brokerId, { incarnation, directory, previousBrokerEpoch: -1 });
  }

  /** A new process on the broker's own disk, whose last one closed its logs. */
  registerCleanly(brokerId: number, incarnation: number): number {
    const previousBrokerEpoch = this.image.brokers.get(brokerId)?.brokerEpoch ?? -1;
    return this.#register(brokerId, { incarnation, directory: brokerId, previousBrokerEpoch });
  }

  #register(brokerId: number, life: { incarnation: number; directory: number; previousBrokerEpoch: number }): number {
    const { incarnation, directory, previousBrokerEpoch } = life;
    const answer = this.apply(
      decideRegistration(this.view(), {
        brokerId,
        clusterId: 'cluster',
        incarnationId: newId(1_000 + incarnation),
        rack: null,
        features: supportedFeatures,
        logDirs: [newId(2_000 + directory)],
        previousBrokerEpoch,
        listeners: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9_092, securityProtocol: 0 }],
      }),
    );
    return 'brokerEpoch' in answer ? answer.brokerEpoch : -answer.errorCode;
  }

  beat(brokerId: number, wish: { readonly wantShutDown?: boolean; readonly wantFence?: boolean } = {}): HeartbeatAnswer {
    return this.apply(
      decideHeartbeat(this.view(), {
        brokerId,
        brokerEpoch: this.image.brokers.get(brokerId)?.brokerEpoch ?? -1,
        currentMetadataOffset: this.image.offset,
        wantFence: wish.wantFence ?? false,
        wantShutDown: wish.wantShutDown ?? false,
      }),
    );
  }

  /** Brokers that are registered and serve. */
  serve(...brokerIds: readonly number[]): this {
    for (const brokerId of brokerIds) {
      this.register(brokerId);
      this.beat(brokerId);
    }
    return this;
  }

  create(name: string, assignments: readonly (readonly number[])[]): number {
    const [result] = this.apply(
      decideCreateTopics(this.view(), {
        validateOnly: false,
        topics: [
          {
            name,
            numPartitions: -1,
            replicationFactor: -1,
            configs: [],
            assignments: assignments.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
          },
        ],
      }),
    );
    return result?.errorCode ?? -1;
  }

  partition(topic: string, partition = 0): PartitionImage {
    const found = this.image.topics.get(topic)?.partitions[partition];
    if (found === undefined) throw new Error(`no partition ${topic}-${partition}`);
    return found;
  }
}

function newId(number: number): TopicId {
  return toTopicId(String(number).padStart(21, 'A') + 'A');
}
