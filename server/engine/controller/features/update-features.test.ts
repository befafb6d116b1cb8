import { describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { TestController } from '../testing/test-controller.ts';
import { currentMetadataVersion, isFeatureSupported, knownFeatures, supportedFeatures } from './feature-table.ts';
import { bootstrapRecords, decideFeatures } from './update-features.ts';

const upgrade = 1;
const safeDowngrade = 2;

function codeOf(feature: string, maxVersionLevel: number, upgradeType = upgrade): number | undefined {
  const { answer, records } = decideFeatures(new TestController().serve(1).view(), [{ feature, maxVersionLevel, upgradeType }], false);
  if (answer[0]?.errorCode !== 0) expect(records).toEqual([]);
  return answer[0]?.errorCode;
}

test('a new cluster begins with every feature that is on, at a level this engine supports', () => {
  const records = bootstrapRecords(new Map());
  expect(records).toContainEqual({ type: 'FeatureLevel', name: 'metadata.version', featureLevel: currentMetadataVersion });
  for (const { name, initial } of knownFeatures) if (initial > 0) expect(isFeatureSupported(supportedFeatures, name, initial)).toBe(true);
});

describe('refuses', () => {
  test.each([
    { what: 'a level from the future', feature: 'metadata.version', level: currentMetadataVersion + 1, upgradeType: upgrade },
    { what: 'a level from before', feature: 'metadata.version', level: currentMetadataVersion - 1, upgradeType: safeDowngrade },
    { what: 'turning the metadata version off', feature: 'metadata.version', level: 0, upgradeType: safeDowngrade },
    { what: 'a level below zero', feature: 'metadata.version', level: -1, upgradeType: upgrade },
    { what: 'a feature nobody knows', feature: 'teleportation', level: 1, upgradeType: upgrade },
    { what: 'an unknown kind of change', feature: 'metadata.version', level: currentMetadataVersion, upgradeType: 4 },
  ])('$what', ({ feature, level, upgradeType }) => {
    expect(codeOf(feature, level, upgradeType)).toBe(errorCodes.INVALID_UPDATE_VERSION);
  });
});

test('what is so already is accepted and writes nothing', () => {
  const update = { feature: 'metadata.version', maxVersionLevel: currentMetadataVersion, upgradeType: upgrade };
  const { answer, records } = decideFeatures(new TestController().serve(1).view(), [update], false);
  expect([answer[0]?.errorCode, records]).toEqual([0, []]);
});

test('one bad update takes the good ones down with it', () => {
  const updates = [
    { feature: 'metadata.version', maxVersionLevel: currentMetadataVersion, upgradeType: upgrade },
    { feature: 'teleportation', maxVersionLevel: 1, upgradeType: upgrade },
  ];
  expect(decideFeatures(new TestController().view(), updates, false).records).toEqual([]);
});
