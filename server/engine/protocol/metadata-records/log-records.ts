// Records that concern the metadata log itself: metadata transactions, the no-op that keeps it moving, and the
// blocks of producer ids handed out to brokers.

import { defineRecord } from '../record-schema.ts';
import { int32, int64, int8, string } from '../schema.ts';

/** Advances the log so that observers can prove that they are caught up. */
export const noOpRecord = defineRecord({
  type: 20,
  name: 'NoOpRecord',
  versions: '0',
  flexible: '0+',
  fields: {},
});

/** What follows counts only if an EndTransactionRecord comes. */
export const beginTransactionRecord = defineRecord({
  type: 23,
  name: 'BeginTransactionRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    name: string({ nullable: '0+', default: null, tag: 0 }),
  },
});

/** The open metadata transaction counts. */
export const endTransactionRecord = defineRecord({
  type: 24,
  name: 'EndTransactionRecord',
  versions: '0',
  flexible: '0+',
  fields: {},
});

/** The open metadata transaction never happened. */
export const abortTransactionRecord = defineRecord({
  type: 25,
  name: 'AbortTransactionRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    reason: string({ nullable: '0+', default: null, tag: 0 }),
  },
});

/** The first producer id that is still free. */
export const producerIdsRecord = defineRecord({
  type: 15,
  name: 'ProducerIdsRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    nextProducerId: int64(),
  },
});

/** Where a migration from ZooKeeper stands; read only, we never write one. */
export const zkMigrationStateRecord = defineRecord({
  type: 21,
  name: 'ZkMigrationStateRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    zkMigrationState: int8(),
  },
});
