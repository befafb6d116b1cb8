// ApiVersions (18): what the broker speaks. Asked first, so its response header stays at version 0 for ever,
// and an unknown version is answered with error 35 in a v0 body that still has the list.
// v3 flexible, with the client's software name and the features as tags; v4 may name features whose minimum is
// 0.

import { array, bool, defineApi, int16, int32, int64, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const apiVersionsApi = defineApi({
  key: 18,
  name: 'ApiVersions',
  versions: '0-4',
  flexible: '3+',
  listeners: ['broker', 'controller'],
  request: {
    clientSoftwareName: string({ versions: '3+', ignorable: true }),
    clientSoftwareVersion: string({ versions: '3+', ignorable: true }),
  },
  response: {
    errorCode: int16(),
    apiKeys: array('0+', {
      apiKey: int16(),
      minVersion: int16(),
      maxVersion: int16(),
    }),
    throttleTimeMs: int32({ versions: '1+', default: 0, ignorable: true }),
    supportedFeatures: array(
      { versions: '3+', tag: 0, ignorable: true },
      {
        name: string(),
        minVersion: int16(),
        maxVersion: int16(),
      },
    ),
    finalizedFeaturesEpoch: int64({ versions: '3+', default: -1, tag: 1, ignorable: true }),
    finalizedFeatures: array(
      { versions: '3+', tag: 2, ignorable: true },
      {
        name: string(),
        maxVersionLevel: int16(),
        minVersionLevel: int16(),
      },
    ),
    zkMigrationReady: bool({ versions: '3+', default: false, tag: 3, ignorable: true }),
  },
});

export type ApiVersionsRequest = RequestOf<typeof apiVersionsApi>;
export type ApiVersionsResponse = ResponseOf<typeof apiVersionsApi>;
