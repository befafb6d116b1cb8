// Every message that this room declares, for tests that must leave none out.

import { allApis } from '../apis/index.ts';
import { consumerProtocolAssignment, consumerProtocolSubscription } from '../group-records/consumer-protocol-schemas.ts';
import { groupRecords } from '../group-records/group-record.ts';
import { requestHeader, responseHeader } from '../headers.ts';
import { metadataRecords } from '../metadata-records/metadata-record.ts';
import type { Message } from '../schema.ts';
import * as controlRecords from '../storage-records/control-records.ts';
import { defaultPrincipalData } from '../storage-records/principal-data.ts';
import { producerSnapshot } from '../storage-records/producer-snapshot.ts';
import { quorumStateData } from '../storage-records/quorum-state-data.ts';
import { transactionLogKey, transactionLogValue } from '../transaction-records/transaction-log-records.ts';

export const apiMessages: readonly Message[] = allApis.flatMap((api) => [api.request, api.response]);

export const recordMessages: readonly Message[] = [
  ...Object.values(metadataRecords),
  ...Object.values(groupRecords).flatMap((pair) => [pair.key, pair.value]),
  transactionLogKey,
  transactionLogValue,
  consumerProtocolSubscription,
  consumerProtocolAssignment,
  ...Object.values(controlRecords),
  producerSnapshot,
  quorumStateData,
  defaultPrincipalData,
  requestHeader,
  responseHeader,
];
