// Every key this broker serves, in key order. ApiVersions and docs/protocol-support.md derive from this list.

import type { AdvertisedApi, Handler, ListenerKind } from '../context.ts';
import { produceHandler } from './00-produce.ts';
import { fetchHandler } from './01-fetch.ts';
import { fetchMetadataLogHandler } from './01-fetch-metadata-log.ts';
import { listOffsetsHandler } from './02-list-offsets.ts';
import { metadataHandler } from './03-metadata.ts';
import { offsetCommitHandler } from './08-offset-commit.ts';
import { offsetFetchHandler } from './09-offset-fetch.ts';
import { findCoordinatorHandler } from './10-find-coordinator.ts';
import { joinGroupHandler } from './11-join-group.ts';
import { heartbeatHandler } from './12-heartbeat.ts';
import { leaveGroupHandler } from './13-leave-group.ts';
import { syncGroupHandler } from './14-sync-group.ts';
import { describeGroupsHandler } from './15-describe-groups.ts';
import { listGroupsHandler } from './16-list-groups.ts';
import { apiVersionsHandler } from './18-api-versions.ts';
import { createTopicsHandler } from './19-create-topics.ts';
import { deleteTopicsHandler } from './20-delete-topics.ts';
import { deleteRecordsHandler } from './21-delete-records.ts';
import { initProducerIdHandler } from './22-init-producer-id.ts';
import { offsetForLeaderEpochHandler } from './23-offset-for-leader-epoch.ts';
import { describeConfigsHandler } from './32-describe-configs.ts';
import { alterConfigsHandler } from './33-alter-configs.ts';
import { describeLogDirsHandler } from './35-describe-log-dirs.ts';
import { createPartitionsHandler } from './37-create-partitions.ts';
import { deleteGroupsHandler } from './42-delete-groups.ts';
import { electLeadersHandler } from './43-elect-leaders.ts';
import { incrementalAlterConfigsHandler } from './44-incremental-alter-configs.ts';
import { alterPartitionReassignmentsHandler } from './45-alter-partition-reassignments.ts';
import { listPartitionReassignmentsHandler } from './46-list-partition-reassignments.ts';
import { offsetDeleteHandler } from './47-offset-delete.ts';
import { voteHandler } from './52-vote.ts';
import { beginQuorumEpochHandler } from './53-begin-quorum-epoch.ts';
import { endQuorumEpochHandler } from './54-end-quorum-epoch.ts';
import { describeQuorumHandler } from './55-describe-quorum.ts';
import { alterPartitionHandler } from './56-alter-partition.ts';
import { updateFeaturesHandler } from './57-update-features.ts';
import { envelopeHandler } from './58-envelope.ts';
import { fetchSnapshotHandler } from './59-fetch-snapshot.ts';
import { describeClusterHandler } from './60-describe-cluster.ts';
import { describeProducersHandler } from './61-describe-producers.ts';
import { brokerRegistrationHandler } from './62-broker-registration.ts';
import { brokerHeartbeatHandler } from './63-broker-heartbeat.ts';
import { unregisterBrokerHandler } from './64-unregister-broker.ts';
import { allocateProducerIdsHandler } from './67-allocate-producer-ids.ts';
import { controllerRegistrationHandler } from './70-controller-registration.ts';
import { listConfigResourcesHandler } from './74-list-config-resources.ts';
import { describeTopicPartitionsHandler } from './75-describe-topic-partitions.ts';
import { addRaftVoterHandler } from './80-add-raft-voter.ts';
import { removeRaftVoterHandler } from './81-remove-raft-voter.ts';
import { updateRaftVoterHandler } from './82-update-raft-voter.ts';

export const handlers: readonly Handler[] = [
  produceHandler,
  fetchHandler,
  fetchMetadataLogHandler,
  listOffsetsHandler,
  metadataHandler,
  offsetCommitHandler,
  offsetFetchHandler,
  findCoordinatorHandler,
  joinGroupHandler,
  heartbeatHandler,
  leaveGroupHandler,
  syncGroupHandler,
  describeGroupsHandler,
  listGroupsHandler,
  apiVersionsHandler,
  createTopicsHandler,
  deleteTopicsHandler,
  deleteRecordsHandler,
  initProducerIdHandler,
  offsetForLeaderEpochHandler,
  describeConfigsHandler,
  alterConfigsHandler,
  describeLogDirsHandler,
  createPartitionsHandler,
  deleteGroupsHandler,
  electLeadersHandler,
  incrementalAlterConfigsHandler,
  alterPartitionReassignmentsHandler,
  listPartitionReassignmentsHandler,
  offsetDeleteHandler,
  voteHandler,
  beginQuorumEpochHandler,
  endQuorumEpochHandler,
  describeQuorumHandler,
  alterPartitionHandler,
  updateFeaturesHandler,
  envelopeHandler,
  fetchSnapshotHandler,
  describeClusterHandler,
  describeProducersHandler,
  brokerRegistrationHandler,
  brokerHeartbeatHandler,
  unregisterBrokerHandler,
  allocateProducerIdsHandler,
  controllerRegistrationHandler,
  listConfigResourcesHandler,
  describeTopicPartitionsHandler,
  addRaftVoterHandler,
  removeRaftVoterHandler,
  updateRaftVoterHandler,
];

/** What ApiVersions tells on a listener. */
export function advertisedApis(listener: ListenerKind, served: readonly Handler[] = handlers): readonly AdvertisedApi[] {
  return served
    .filter((handler) => handler.listeners.includes(listener))
    .map(({ api }) => ({
      apiKey: api.key,
      minVersion: api.advertised.min,
      maxVersion: api.advertised.max,
    }));
}
