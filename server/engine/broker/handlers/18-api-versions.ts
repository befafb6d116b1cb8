// ApiVersions: which keys and versions work here, and which features the cluster has settled on. The list follows from the
// handlers, so that it can't promise what nobody serves. An unknown version of this very request is answered by dispatch.
// Features whose lowest level is 0 confuse clients before v4 (KAFKA-17011) and are left out for them.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { apiVersionsApi, type ApiVersionsRequest } from '#engine/protocol/apis/18-api-versions.ts';
import { defineHandler } from '../context.ts';
import { supportedFeatures } from '#engine/controller/features/feature-table.ts';

const firstVersionWithSoftware = 3;
const firstVersionWithZeroFeatures = 4;
const softwarePattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/;

export const apiVersionsHandler = defineHandler(apiVersionsApi, (request, from, broker) => {
  if (from.apiVersion >= firstVersionWithSoftware) {
    if (!isSoftwareValid(request)) return { errorCode: errorCodes.INVALID_REQUEST, apiKeys: [] };
    from.setSoftware(request.clientSoftwareName, request.clientSoftwareVersion);
  }
  const finalized = broker.metadata.finalizedFeatures();
  return {
    errorCode: errorCodes.NONE,
    apiKeys: broker.advertised(from.listener),
    supportedFeatures: supportedFeatures
      .filter(({ minSupportedVersion }) => minSupportedVersion > 0 || from.apiVersion >= firstVersionWithZeroFeatures)
      .map(({ name, minSupportedVersion, maxSupportedVersion }) => ({
        name,
        minVersion: minSupportedVersion,
        maxVersion: maxSupportedVersion,
      })),
    finalizedFeaturesEpoch: broker.metadata.offset,
    finalizedFeatures: Array.from(finalized, ([name, level]) => ({ name, minVersionLevel: level, maxVersionLevel: level })),
  };
});

function isSoftwareValid({ clientSoftwareName, clientSoftwareVersion }: ApiVersionsRequest): boolean {
  return softwarePattern.test(clientSoftwareName) && softwarePattern.test(clientSoftwareVersion);
}
