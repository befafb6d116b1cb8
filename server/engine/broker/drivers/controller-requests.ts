// The controller's requests: for each API which decision answers it, and how its answer looks when there is none. A table,
// so that forwarding, the controller's own listener and Envelope treat every key alike.

import { alterConfigsApi } from '#engine/protocol/apis/33-alter-configs.ts';
import { alterPartitionReassignmentsApi } from '#engine/protocol/apis/45-alter-partition-reassignments.ts';
import { alterPartitionApi } from '#engine/protocol/apis/56-alter-partition.ts';
import { allocateProducerIdsApi } from '#engine/protocol/apis/67-allocate-producer-ids.ts';
import { brokerHeartbeatApi } from '#engine/protocol/apis/63-broker-heartbeat.ts';
import { brokerRegistrationApi } from '#engine/protocol/apis/62-broker-registration.ts';
import { controllerRegistrationApi } from '#engine/protocol/apis/70-controller-registration.ts';
import { createPartitionsApi } from '#engine/protocol/apis/37-create-partitions.ts';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { deleteTopicsApi } from '#engine/protocol/apis/20-delete-topics.ts';
import { electLeadersApi } from '#engine/protocol/apis/43-elect-leaders.ts';
import { incrementalAlterConfigsApi } from '#engine/protocol/apis/44-incremental-alter-configs.ts';
import { unregisterBrokerApi } from '#engine/protocol/apis/64-unregister-broker.ts';
import { updateFeaturesApi } from '#engine/protocol/apis/57-update-features.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { Api, RequestOf, ResponseInput } from '#engine/protocol/schema.ts';
import { zeroTopicId } from '#engine/base/brand.ts';
import { decideHeartbeat, decideRegistration, decideUnregister } from '#engine/controller/brokers/broker-registry.ts';
import { decideControllerRegistration } from '#engine/controller/brokers/controller-registry.ts';
import { decideIncrementalConfigs, decideReplacingConfigs } from '#engine/controller/configs/alter-configs.ts';
import type { ControllerView, Decision } from '#engine/controller/decision.ts';
import { decideFeatures } from '#engine/controller/features/update-features.ts';
import { decideAlterPartition } from '#engine/controller/partitions/alter-partition.ts';
import { decideElection } from '#engine/controller/partitions/elect-leaders.ts';
import { decideReassignment } from '#engine/controller/partitions/reassign.ts';
import { decideProducerIds } from '#engine/controller/producer-ids.ts';
import { decideCreatePartitions } from '#engine/controller/topics/create-partitions.ts';
import { decideCreateTopics } from '#engine/controller/topics/create-topics.ts';
import { decideDeleteTopics } from '#engine/controller/topics/delete-topics.ts';

/** A request that only the active controller can answer. */
export interface ControllerRequest<A extends Api = Api> {
  readonly api: A;
  readonly decide: (view: ControllerView, request: RequestOf<A>) => Decision<ResponseInput<A>>;
  /** The same error for everything that was asked. */
  readonly refuse: (request: RequestOf<A>, errorCode: number) => ResponseInput<A>;
  /** How long the asker is ready to wait; undefined: it didn't say. */
  readonly timeoutMs?: (request: RequestOf<A>) => number;
}

/** Puts a decision's answer into the response's shape. */
function answering<From, To>(decision: Decision<From>, toAnswer: (answer: From) => To): Decision<To> {
  return { ...decision, answer: toAnswer(decision.answer) };
}

function define<A extends Api>(request: ControllerRequest<A>): ControllerRequest {
  // The table holds requests of many types; `findControllerRequest` gives each back under its own API.
  return request as unknown as ControllerRequest;
}

const topicRequests: readonly ControllerRequest[] = [
  define<typeof createTopicsApi>({
    api: createTopicsApi,
    decide: (view, request) => answering(decideCreateTopics(view, request), (topics) => ({ topics })),
    refuse: (request, errorCode) => ({
      topics: request.topics.map(({ name }) => ({ name, errorCode, errorMessage: null, configs: null })),
    }),
    timeoutMs: (request) => request.timeoutMs,
  }),
  define<typeof deleteTopicsApi>({
    api: deleteTopicsApi,
    decide: (view, request) => answering(decideDeleteTopics(view, request), (responses) => ({ responses })),
    refuse: (request, errorCode) => ({
      responses: [
        ...request.topics.map(({ name, topicId }) => ({ name, topicId, errorCode })),
        ...request.topicNames.map((name) => ({ name, topicId: zeroTopicId, errorCode })),
      ],
    }),
    timeoutMs: (request) => request.timeoutMs,
  }),
  define<typeof createPartitionsApi>({
    api: createPartitionsApi,
    decide: (view, request) => answering(decideCreatePartitions(view, request), (results) => ({ results })),
    refuse: (request, errorCode) => ({ results: request.topics.map(({ name }) => ({ name, errorCode })) }),
    timeoutMs: (request) => request.timeoutMs,
  }),
  define<typeof electLeadersApi>({
    api: electLeadersApi,
    decide: decideElection,
    refuse: (_request, errorCode) => ({ errorCode, replicaElectionResults: [] }),
    timeoutMs: (request) => request.timeoutMs,
  }),
  define<typeof alterPartitionReassignmentsApi>({
    api: alterPartitionReassignmentsApi,
    decide: decideReassignment,
    refuse: (_request, errorCode) => ({ errorCode, errorMessage: null, responses: [] }),
    timeoutMs: (request) => request.timeoutMs,
  }),
  define<typeof alterPartitionApi>({
    api: alterPartitionApi,
    decide: decideAlterPartition,
    refuse: (_request, errorCode) => ({ errorCode, topics: [] }),
  }),
];

const configRequests: readonly ControllerRequest[] = [
  define<typeof incrementalAlterConfigsApi>({
    api: incrementalAlterConfigsApi,
    decide: (view, request) =>
      answering(decideIncrementalConfigs(view, request.resources, request.validateOnly), (responses) => ({ responses })),
    refuse: (request, errorCode) => ({
      responses: request.resources.map(({ resourceType, resourceName }) => ({ errorCode, errorMessage: null, resourceType, resourceName })),
    }),
  }),
  define<typeof alterConfigsApi>({
    api: alterConfigsApi,
    decide: (view, request) =>
      answering(decideReplacingConfigs(view, request.resources, request.validateOnly), (responses) => ({ responses })),
    refuse: (request, errorCode) => ({
      responses: request.resources.map(({ resourceType, resourceName }) => ({ errorCode, errorMessage: null, resourceType, resourceName })),
    }),
  }),
  define<typeof updateFeaturesApi>({
    api: updateFeaturesApi,
    decide: (view, request) =>
      answering(decideFeatures(view, request.featureUpdates.map(toFeatureUpdate), request.validateOnly), (results) => {
        const refused = results.find((result) => result.errorCode !== 0);
        return { errorCode: refused?.errorCode ?? 0, errorMessage: refused?.errorMessage ?? null, results };
      }),
    refuse: (_request, errorCode) => ({ errorCode, errorMessage: null, results: [] }),
    timeoutMs: (request) => request.timeoutMs,
  }),
];

/** Version 0 knew one flag in place of the upgrade type. */
function toFeatureUpdate(update: RequestOf<typeof updateFeaturesApi>['featureUpdates'][number]): {
  feature: string;
  maxVersionLevel: number;
  upgradeType: number;
} {
  const { feature, maxVersionLevel, allowDowngrade, upgradeType } = update;
  return { feature, maxVersionLevel, upgradeType: allowDowngrade ? 3 : upgradeType };
}

const brokerRequests: readonly ControllerRequest[] = [
  define<typeof brokerRegistrationApi>({
    api: brokerRegistrationApi,
    decide: (view, request) => answering(decideRegistration(view, request), (answer) => ({ brokerEpoch: -1, ...answer })),
    refuse: (_request, errorCode) => ({ errorCode }),
  }),
  define<typeof brokerHeartbeatApi>({
    api: brokerHeartbeatApi,
    decide: (view, request) =>
      answering(decideHeartbeat(view, request), (answer) => ({ isCaughtUp: false, isFenced: true, shouldShutDown: false, ...answer })),
    refuse: (_request, errorCode) => ({ errorCode, shouldShutDown: false }),
  }),
  define<typeof unregisterBrokerApi>({
    api: unregisterBrokerApi,
    decide: (view, request) => decideUnregister(view, request.brokerId),
    refuse: (_request, errorCode) => ({ errorCode, errorMessage: null }),
  }),
  define<typeof allocateProducerIdsApi>({
    api: allocateProducerIdsApi,
    decide: (view, request) =>
      answering(decideProducerIds(view, request), (answer) => ({ producerIdStart: -1, producerIdLen: 0, ...answer })),
    refuse: (_request, errorCode) => ({ errorCode, producerIdStart: -1, producerIdLen: 0 }),
  }),
  define<typeof controllerRegistrationApi>({
    api: controllerRegistrationApi,
    decide: (view, request) => decideControllerRegistration(view, request),
    refuse: (_request, errorCode) => ({ errorCode, errorMessage: null }),
  }),
];

const byKey: ReadonlyMap<number, ControllerRequest> = new Map(
  [...topicRequests, ...configRequests, ...brokerRequests].map((request) => [request.api.key, request]),
);

/** Every API that is the active controller's. */
export const controllerApis: readonly Api[] = [...byKey.values()].map(({ api }) => api);

export function findControllerRequest<A extends Api>(api: A): ControllerRequest<A> | undefined {
  return byKey.get(api.key) as unknown as ControllerRequest<A> | undefined;
}

export const failureCodes = {
  'not-controller': errorCodes.NOT_CONTROLLER,
  'timed-out': errorCodes.REQUEST_TIMED_OUT,
  overloaded: errorCodes.REQUEST_TIMED_OUT,
} as const;
