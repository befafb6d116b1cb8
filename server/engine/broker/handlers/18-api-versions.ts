// ApiVersions: which keys and versions work here, and which features the cluster has settled on. The list follows from the
// handlers, so that it can't promise what nobody serves. An unknown version of this very request is answered by dispatch.
// kraft.version is told beside the metadata's features: the quorum knows it, the metadata doesn't.
// Features whose lowest level is 0 confuse clients before v4 (KAFKA-17011) and are left out for them.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { apiVersionsApi, type ApiVersionsRequest } from '#engine/protocol/apis/18-api-versions.ts';
import { defineHandler, type BrokerContext } from '../context.ts';
import { supportedFeatures } from '#engine/controller/features/feature-table.ts';

const kraftVersionRange = { name: 'kraft.version', minSupportedVersion: 0, maxSupportedVersion: 1 } as const;
const firstVersionWithSoftware = 3;
const firstVersionWithZeroFeatures = 4;
const softwarePattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/;

export const apiVersionsHandler = defineHandler(apiVersionsApi, (request, from, broker) => {
  if (from.apiVersion >= firstVersionWithSoftware) {
    if (!isSoftwareValid(request)) return { errorCode: errorCodes.INVALID_REQUEST, apiKeys: [] };
    from.setSoftware(request.clientSoftwareName, request.clientSoftwareVersion);
  }
  const finalized = [...broker.metadata.finalizedFeatures(), ...kraftVersionOf(broker)];
  return {
    errorCode: errorCodes.NONE,
    apiKeys: broker.advertised(from.listener),
    supportedFeatures: [...supportedFeatures, kraftVersionRange]
      .filter(({ minSupportedVersion }) => minSupportedVersion > 0 || from.apiVersion >= firstVersionWithZeroFeatures)
      .map(({ name, minSupportedVersion, maxSupportedVersion }) => ({
        name,
        minVersion: minSupportedVersion,
        maxVersion: maxSupportedVersion,
      })),
    finalizedFeaturesEpoch: broker.metadata.offset,
    finalizedFeatures: finalized.map(([name, level]) => ({ name, minVersionLevel: level, maxVersionLevel: level })),
  };
});

/** As Kafka does, level 0 is told by not being there. */
function kraftVersionOf({ quorum }: BrokerContext): readonly (readonly [string, number])[] {
  const level = quorum.kraftVersion();
  return level > 0 ? [[kraftVersionRange.name, level]] : [];
}

function isSoftwareValid({ clientSoftwareName, clientSoftwareVersion }: ApiVersionsRequest): boolean {
  return softwarePattern.test(clientSoftwareName) && softwarePattern.test(clientSoftwareVersion);
}
