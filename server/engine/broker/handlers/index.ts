// Every key this broker serves, in key order. ApiVersions and docs/protocol-support.md derive from this list.

import type { AdvertisedApi, Handler, ListenerKind } from '../context.ts';
import { produceHandler } from './00-produce.ts';
import { fetchHandler } from './01-fetch.ts';
import { listOffsetsHandler } from './02-list-offsets.ts';
import { metadataHandler } from './03-metadata.ts';
import { apiVersionsHandler } from './18-api-versions.ts';
import { deleteRecordsHandler } from './21-delete-records.ts';
import { offsetForLeaderEpochHandler } from './23-offset-for-leader-epoch.ts';
import { describeLogDirsHandler } from './35-describe-log-dirs.ts';
import { describeClusterHandler } from './60-describe-cluster.ts';
import { describeProducersHandler } from './61-describe-producers.ts';
import { describeTopicPartitionsHandler } from './75-describe-topic-partitions.ts';

export const handlers: readonly Handler[] = [
  produceHandler,
  fetchHandler,
  listOffsetsHandler,
  metadataHandler,
  apiVersionsHandler,
  deleteRecordsHandler,
  offsetForLeaderEpochHandler,
  describeLogDirsHandler,
  describeClusterHandler,
  describeProducersHandler,
  describeTopicPartitionsHandler,
];

/** What ApiVersions tells on a listener. */
export function advertisedApis(listener: ListenerKind, served: readonly Handler[] = handlers): readonly AdvertisedApi[] {
  return served.filter((handler) => handler.listeners.includes(listener)).map(({ api }) => ({
    apiKey: api.key,
    minVersion: api.advertised.min,
    maxVersion: api.advertised.max,
  }));
}
