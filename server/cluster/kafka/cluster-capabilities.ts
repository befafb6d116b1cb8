// What this cluster lets the console do, as its brokers advertise it. What only the supervisor can do comes from the
// extras, or isn't there.

import type { BrokerAbilities } from '#engine/client/negotiation.ts';
import { sharedVersion } from '#engine/client/negotiation.ts';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { deleteRecordsApi } from '#engine/protocol/apis/21-delete-records.ts';
import { describeLogDirsApi } from '#engine/protocol/apis/35-describe-log-dirs.ts';
import { electLeadersApi } from '#engine/protocol/apis/43-elect-leaders.ts';
import { alterPartitionReassignmentsApi } from '#engine/protocol/apis/45-alter-partition-reassignments.ts';
import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';
import { addRaftVoterApi } from '#engine/protocol/apis/80-add-raft-voter.ts';
import type { Api } from '#engine/protocol/schema.ts';
import type { Capabilities, Capability } from '../capabilities.ts';

const external: Capability = { available: false, reason: 'external-cluster' };

export function toCapabilities(abilities: BrokerAbilities, extras: Partial<Capabilities>): Capabilities {
  const served = (api: Api): Capability =>
    sharedVersion(api, abilities) === null ? { available: false, reason: 'broker-too-old' } : { available: true };
  return {
    lab: external,
    trace: external,
    processes: external,
    demoTraffic: external,
    logDirs: served(describeLogDirsApi),
    quorum: served(describeQuorumApi),
    quorumNodes: external,
    voters: served(addRaftVoterApi),
    moves: served(alterPartitionReassignmentsApi),
    elections: served(electLeadersApi),
    createTopics: served(createTopicsApi),
    deleteRecords: served(deleteRecordsApi),
    ...extras,
  };
}
