// What a topic's configs say about electing leaders for its partitions.

import { configTableOf } from '../configs/config-tables.ts';
import { effectiveConfig } from '../configs/effective-config.ts';
import type { ControllerView } from '../decision.ts';
import { hasEligibleReplicas } from '../features/feature-table.ts';
import { configResourceTypes } from '../records.ts';

export interface ElectionRules {
  /** unclean.leader.election.enable */
  readonly isUncleanAllowed: boolean;
  /** min.insync.replicas where eligible leader replicas are kept (KIP-966); null where they aren't. */
  readonly eligibleBelow: number | null;
}

/** The topic's own word, else the cluster's, else the operator's file, else the default. */
export function electionRules(view: ControllerView, topic: string): ElectionRules {
  return {
    isUncleanAllowed: isUncleanAllowed(view, topic),
    eligibleBelow: hasEligibleReplicas(view.image.features) ? Number(topicConfig(view, topic, minInSyncKey)) : null,
  };
}

export function isUncleanAllowed(view: ControllerView, topic: string): boolean {
  return topicConfig(view, topic, uncleanKey) === 'true';
}

export const uncleanKey = 'unclean.leader.election.enable';
export const minInSyncKey = 'min.insync.replicas';

function topicConfig({ image, settings }: ControllerView, topic: string, key: string): string | null {
  const config = configTableOf(configResourceTypes.topic)?.get(key);
  if (config === undefined) return null;
  const scope = { image, brokerId: null, staticConfigs: settings.staticConfigs };
  return effectiveConfig(scope, { resourceType: configResourceTypes.topic, name: topic }, config).value;
}
