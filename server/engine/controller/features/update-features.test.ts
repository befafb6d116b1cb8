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
  const records = bootstrapRecords();
  expect(records).toContainEqual({ type: 'FeatureLevel', name: 'metadata.version', featureLevel: currentMetadataVersion });
  for (const { name, initial } of knownFeatures) if (initial > 0) expect(isFeatureSupported(supportedFeatures, name, initial)).toBe(true);
});

describe('refuses', () => {
  test.each([
    ['a level from the future', 'metadata.version', currentMetadataVersion + 1, upgrade],
    ['a level from before', 'metadata.version', currentMetadataVersion - 1, safeDowngrade],
    ['turning the metadata version off', 'metadata.version', 0, safeDowngrade],
    ['a level below zero', 'metadata.version', -1, upgrade],
    ['a feature nobody knows', 'teleportation', 1, upgrade],
    ['an unknown kind of change', 'metadata.version', currentMetadataVersion, 4],
  ] as const)('%s', (_what, ...update) => {
    expect(codeOf(...update)).toBe(errorCodes.INVALID_UPDATE_VERSION);
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
