// The features this engine knows, in Kafka's terms: what a broker says it supports and what a new cluster starts with.
// A range of one level is deliberate where older levels would promise record formats that nobody here tests.

import type { FeatureRange } from '../records.ts';

interface KnownFeature {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly initial: number;
}

/** 4.3-IV0, the metadata version of Apache Kafka 4.3. */
export const currentMetadataVersion = 30;

export const eligibleReplicasFeature = 'eligible.leader.replicas.version';

/** Level 0 means "off" and is never written. */
export const knownFeatures: readonly KnownFeature[] = [
  { name: 'metadata.version', min: currentMetadataVersion, max: currentMetadataVersion, initial: currentMetadataVersion },
  { name: eligibleReplicasFeature, min: 0, max: 1, initial: 1 },
];

export const supportedFeatures: readonly FeatureRange[] = knownFeatures.map(({ name, min, max }) => ({
  name,
  minSupportedVersion: min,
  maxSupportedVersion: max,
}));

export function isFeatureSupported(ranges: readonly FeatureRange[], name: string, level: number): boolean {
  const range = ranges.find((candidate) => candidate.name === name);
  return range !== undefined && range.minSupportedVersion <= level && level <= range.maxSupportedVersion;
}

/** Whether partitions remember who holds all that is committed without being in sync (KIP-966). */
export function hasEligibleReplicas(features: ReadonlyMap<string, number>): boolean {
  return (features.get(eligibleReplicasFeature) ?? 0) > 0;
}
