// A cluster in memory for tests: one broker over scripted frames that answers what the console asks by itself, from a
// model that the test changes as it goes. Time passes when the test says so.

import { ManualTime, on, ScriptedBroker, type Handler, type SeenRequest } from '#engine/client/testing/scripted-broker.ts';
import { listOffsetsApi } from '#engine/protocol/apis/02-list-offsets.ts';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { offsetFetchApi } from '#engine/protocol/apis/09-offset-fetch.ts';
import { findCoordinatorApi } from '#engine/protocol/apis/10-find-coordinator.ts';
import { describeGroupsApi } from '#engine/protocol/apis/15-describe-groups.ts';
import { listGroupsApi } from '#engine/protocol/apis/16-list-groups.ts';
import { describeConfigsApi } from '#engine/protocol/apis/32-describe-configs.ts';
import { describeLogDirsApi } from '#engine/protocol/apis/35-describe-log-dirs.ts';
import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';
import { describeClusterApi } from '#engine/protocol/apis/60-describe-cluster.ts';
import type { RequestOf } from '#engine/protocol/schema.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { NetworkError, type Network, type World } from '#engine/world/ports.ts';
import { KafkaCluster, type KafkaClusterOptions } from '../kafka/kafka-cluster.ts';

const firstPort = 9091;

export interface ScriptedLog {
  start: number;
  end: number;
}

export interface ScriptedGroup {
  protocolType: string;
  /** Topics and partitions of its one member; null: it has no member. */
  assignment: Readonly<Record<string, readonly number[]>> | null;
  /** Offsets by "topic/partition". */
  readonly committed: Map<string, number>;
}

export class ScriptedCluster {
  /** Logs by topic, a partition each. */
  readonly topics = new Map<string, ScriptedLog[]>();
  readonly groups = new Map<string, ScriptedGroup>();
  readonly time = new ManualTime();
  readonly broker: ScriptedBroker;
  readonly cluster: KafkaCluster;
  readonly #byPort = new Map<number, ScriptedBroker>();

  constructor(options: Omit<KafkaClusterOptions, 'world' | 'bootstrap'> = {}, ...handlers: readonly Handler[]) {
    this.broker = new ScriptedBroker(...handlers, ...this.#handlers());
    const { time } = this;
    this.#byPort.set(firstPort, this.broker);
    const network: Network = {
      listen: () => Promise.reject(new Error('no listener')),
      connect: (address) =>
        this.#byPort.get(address.port)?.network.connect(address) ?? Promise.reject(new NetworkError('refused', 'connection refused')),
    };
    const world: World = { ...nodeWorld(), network, timers: time, clock: time, random: time };
    this.cluster = new KafkaCluster({ world, bootstrap: '127.0.0.1:9091', ...options });
  }

  /** A broker more, with connections of its own, so that its answers may overtake those of the first. */
  addBroker(broker: ScriptedBroker): void {
    this.#byPort.set(firstPort + this.#byPort.size, broker);
  }

  /** What `answer` resolves to, letting time pass for as long as its requests need. */
  async answered<Result>(answer: Promise<Result>): Promise<Result> {
    await this.time.advance(0);
    return answer;
  }

  #handlers(): readonly Handler[] {
    return [
      on(metadataApi, () => this.#metadata()),
      on(listOffsetsApi, (request) => this.#offsets(request)),
      on(findCoordinatorApi, (request) => coordinators(request)),
      on(listGroupsApi, () => ({ errorCode: 0, groups: this.#listed() })),
      on(describeGroupsApi, (request) => this.#described(request)),
      on(offsetFetchApi, (request) => this.#committed(request)),
      on(describeConfigsApi, () => ({ results: [] })),
      on(describeLogDirsApi, () => ({ errorCode: 0, results: [] })),
      on(describeQuorumApi, () => ({ errorCode: 0, topics: [] })),
      on(describeClusterApi, () => ({ errorCode: 0, clusterId: 'c', controllerId: 1, brokers: [] })),
    ];
  }

  #metadata() {
    return {
      brokers: [...this.#byPort.keys()].map((port, index) => ({ nodeId: index + 1, host: '127.0.0.1', port })),
      clusterId: 'c',
      controllerId: 1,
      topics: [...this.topics].map(([name, logs]) => ({
        errorCode: 0,
        name,
        partitions: logs.map((_log, partitionIndex) => ({
          errorCode: 0,
          partitionIndex,
          leaderId: 1,
          leaderEpoch: 0,
          replicaNodes: [1],
          isrNodes: [1],
        })),
      })),
    };
  }

  #offsets(request: SeenRequest) {
    const { topics } = request.body as RequestOf<typeof listOffsetsApi>;
    return {
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => {
          const log = this.topics.get(name)?.[partitionIndex];
          return { partitionIndex, errorCode: log === undefined ? 3 : 0, offset: (timestamp === -2 ? log?.start : log?.end) ?? -1 };
        }),
      })),
    };
  }

  #listed() {
    return [...this.groups].map(([groupId, { protocolType }]) => ({ groupId, protocolType, groupState: 'Stable', groupType: 'classic' }));
  }

  #described(request: SeenRequest) {
    const { groups } = request.body as RequestOf<typeof describeGroupsApi>;
    return {
      groups: groups.map((groupId) => {
        const { protocolType, assignment } = this.groups.get(groupId) ?? { protocolType: '', assignment: null };
        const member = {
          memberId: 'm',
          groupInstanceId: null,
          clientId: 'c',
          clientHost: '/127.0.0.1',
          memberMetadata: new Uint8Array(),
          memberAssignment: encodeAssignment(assignment ?? {}),
        };
        const groupState = assignment === null ? 'Empty' : 'Stable';
        return { errorCode: 0, groupId, groupState, protocolType, protocolData: 'range', members: assignment === null ? [] : [member] };
      }),
    };
  }

  #committed(request: SeenRequest) {
    const { groups } = request.body as RequestOf<typeof offsetFetchApi>;
    return { groups: groups.map(({ groupId }) => ({ groupId, errorCode: 0, topics: this.#committedBy(groupId) })) };
  }

  #committedBy(groupId: string) {
    return [...(this.groups.get(groupId)?.committed ?? [])].map(([place, committedOffset]) => {
      const slash = place.lastIndexOf('/');
      const partition = { partitionIndex: Number(place.slice(slash + 1)), committedOffset, metadata: '', errorCode: 0 };
      return { name: place.slice(0, slash), partitions: [partition] };
    });
  }
}

function coordinators(request: SeenRequest) {
  const { coordinatorKeys } = request.body as RequestOf<typeof findCoordinatorApi>;
  return {
    coordinators: coordinatorKeys.map((key) => ({ key, nodeId: 1, host: '127.0.0.1', port: 9091, errorCode: 0, errorMessage: null })),
  };
}

/** As Kafka's consumers write it: version, topics with their partitions, no user data. */
function encodeAssignment(assignment: Readonly<Record<string, readonly number[]>>): Buffer {
  const int32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const topics = Object.entries(assignment).flatMap(([topic, partitions]) => [
    Buffer.from([0, topic.length]),
    Buffer.from(topic),
    int32(partitions.length),
    ...partitions.map(int32),
  ]);
  return Buffer.concat([Buffer.from([0, 0]), int32(Object.keys(assignment).length), ...topics, int32(-1)]);
}
