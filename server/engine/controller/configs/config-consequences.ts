// Configs that change more than themselves: min.insync.replicas decides who is eligible to lead, and
// unclean.leader.election.enable gives leaderless partitions a leader the moment it is switched on.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { refuse, type ControllerView, type Refusal } from '../decision.ts';
import { resetEligible } from '../features/eligible-replicas.ts';
import { hasEligibleReplicas } from '../features/feature-table.ts';
import type { ClusterImage } from '../image/cluster-image.ts';
import { replayAll } from '../image/replay.ts';
import { electUncleanly } from '../partitions/broker-moves.ts';
import { minInSyncKey, uncleanKey } from '../partitions/partition-rules.ts';
import { configResourceTypes, type ConfigRecord, type MetadataRecord } from '../records.ts';

/** Controller and leaders must mean the same minimum: it is a word of the topic or the whole cluster, and the cluster always has one. */
export function refuseMinInSync(image: ClusterImage, records: readonly ConfigRecord[]): Refusal | null {
  if (!hasEligibleReplicas(image.features)) return null;
  const minimum = records.find(({ resourceType, name }) => resourceType === configResourceTypes.broker && name === minInSyncKey);
  if (minimum === undefined) return null;
  if (minimum.resourceName !== '' && minimum.value !== null)
    return refuse(errorCodes.INVALID_CONFIG, `Broker-level ${minInSyncKey} cannot be altered while ELR is enabled.`);
  if (minimum.resourceName === '' && minimum.value === null)
    return refuse(errorCodes.INVALID_CONFIG, `Cluster-level ${minInSyncKey} cannot be removed while ELR is enabled.`);
  return null;
}

export function consequencesOf(view: ControllerView, records: readonly ConfigRecord[]): readonly MetadataRecord[] {
  const reset = hasEligibleReplicas(view.image.features)
    ? records
        .filter(({ name }) => name === minInSyncKey)
        .flatMap(({ resourceType, resourceName }) =>
          resetEligible(view.image, resourceType === configResourceTypes.topic ? resourceName : ''),
        )
    : [];
  if (!records.some(({ name, value }) => name === uncleanKey && value === 'true')) return reset;
  const image = replayAll(view.image, [...records, ...reset], view.image.epoch);
  return [...reset, ...electUncleanly({ ...view, image })];
}
