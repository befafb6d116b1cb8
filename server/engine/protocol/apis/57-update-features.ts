// UpdateFeatures (57): raises or lowers finalised feature levels.
// v1 tells kinds of downgrade apart and can only validate, v2 has no result a feature any more.

import { array, bool, defineApi, int16, int32, int8, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const updateFeaturesApi = defineApi({
  key: 57,
  name: 'UpdateFeatures',
  versions: '0-2',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: {
    timeoutMs: int32({ default: 60000 }),
    featureUpdates: array('0+', {
      feature: string(),
      maxVersionLevel: int16(),
      allowDowngrade: bool('0'),
      upgradeType: int8({ versions: '1+', default: 1 }),
    }),
    validateOnly: bool({ versions: '1+', default: false }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
    results: array(
      { versions: '0-1', ignorable: true },
      {
        feature: string(),
        errorCode: int16(),
        errorMessage: string({ nullable: '0+' }),
      },
    ),
  },
});

export type UpdateFeaturesRequest = RequestOf<typeof updateFeaturesApi>;
export type UpdateFeaturesResponse = ResponseOf<typeof updateFeaturesApi>;
