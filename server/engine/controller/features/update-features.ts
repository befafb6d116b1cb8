// UpdateFeatures (key 57), and the records with which a new cluster begins.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { refuse, type ControllerView, type Decision, type Refusal } from '../decision.ts';
import type { FeatureLevelRecord, MetadataRecord } from '../records.ts';
import { emptyImage } from '../image/cluster-image.ts';
import { beginEligible, switchEligible } from './eligible-replicas.ts';
import { eligibleReplicasFeature, isFeatureSupported, knownFeatures, supportedFeatures } from './feature-table.ts';

export interface FeatureUpdate {
  readonly feature: string;
  /** 0 asks to turn the feature off. */
  readonly maxVersionLevel: number;
  /** 1 upgrade, 2 safe downgrade, 3 unsafe downgrade. */
  readonly upgradeType: number;
}
export interface FeatureResult {
  readonly feature: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** What the first active controller writes into an empty log. */
export function bootstrapRecords(staticConfigs: ReadonlyMap<string, string>): readonly MetadataRecord[] {
  const levels = knownFeatures
    .filter(({ initial }) => initial > 0)
    .map(({ name, initial }): MetadataRecord => ({ type: 'FeatureLevel', name, featureLevel: initial }));
  return [...levels, ...beginEligible(emptyImage, staticConfigs)];
}

/** All or nothing, as Kafka has it from version 2 on. */
export function decideFeatures(
  view: ControllerView,
  updates: readonly FeatureUpdate[],
  isValidateOnly: boolean,
): Decision<readonly FeatureResult[]> {
  const results: FeatureResult[] = updates.map((update) => ({
    feature: update.feature,
    errorCode: 0,
    errorMessage: null,
    ...refuseUpdate(view, update),
  }));
  const isAccepted = results.every((result) => result.errorCode === 0);
  const records = updates
    .filter((update) => (view.image.features.get(update.feature) ?? 0) !== update.maxVersionLevel)
    .map((update): FeatureLevelRecord => ({ type: 'FeatureLevel', name: update.feature, featureLevel: update.maxVersionLevel }));
  const eligible = records.find(({ name }) => name === eligibleReplicasFeature);
  const companions = eligible === undefined ? [] : switchEligible(view, eligible.featureLevel > 0);
  return { records: isAccepted && !isValidateOnly ? [...companions, ...records] : [], answer: results };
}

function refuseUpdate(view: ControllerView, update: FeatureUpdate): Refusal | null {
  const { feature, maxVersionLevel: level, upgradeType } = update;
  const current = view.image.features.get(feature) ?? 0;
  if (upgradeType < 1 || upgradeType > 3)
    return refuse(errorCodes.INVALID_UPDATE_VERSION, `The controller does not support the given upgrade type ${upgradeType}.`);
  if (level < 0) return refuse(errorCodes.INVALID_UPDATE_VERSION, `A feature version cannot be less than 0, got ${level} for ${feature}.`);
  if (level !== 0 && !isFeatureSupported(supportedFeatures, feature, level)) {
    return refuse(errorCodes.INVALID_UPDATE_VERSION, `The controller does not support version ${level} of ${feature}.`);
  }
  for (const broker of view.image.brokers.values()) {
    if (level !== 0 && !isFeatureSupported(broker.features, feature, level)) {
      return refuse(errorCodes.INVALID_UPDATE_VERSION, `Broker ${broker.brokerId} does not support version ${level} of ${feature}.`);
    }
  }
  if (feature === 'metadata.version' && level === 0)
    return refuse(errorCodes.INVALID_UPDATE_VERSION, 'metadata.version cannot be turned off.');
  if (level < current && upgradeType === 1)
    return refuse(
      errorCodes.INVALID_UPDATE_VERSION,
      `Can't downgrade ${feature} from ${current} to ${level} without setting the upgrade type to a downgrade.`,
    );
  return null;
}
