// The records inside control batches. EndTxnMarker is written with its version in front; the records of the
// metadata quorum carry their version as a field and are written bare.

import { array, defineMessage, int16, int32, int64, string, struct, uint16, uuid } from '../schema.ts';

/** The key of every control record, written with its version in front. */
export const controlRecordTypeSchema = defineMessage({
  name: 'ControlRecordTypeSchema',
  versions: '0',
  flexible: 'none',
  fields: {
    type: int16(),
  },
});

/** The value of a commit or abort marker. */
export const endTxnMarker = defineMessage({
  name: 'EndTxnMarker',
  versions: '0',
  flexible: 'none',
  fields: {
    coordinatorEpoch: int32(),
  },
});

const voter = {
  voterId: int32(),
  voterDirectoryId: uuid('1+'),
};

/** A new leader of the metadata log says so in its first batch. */
export const leaderChangeMessage = defineMessage({
  name: 'LeaderChangeMessage',
  versions: '0-1',
  flexible: '0+',
  fields: {
    version: int16(),
    leaderId: int32(),
    voters: array('0+', voter),
    grantingVoters: array('0+', voter),
  },
});

/** The first record of a snapshot. */
export const snapshotHeaderRecord = defineMessage({
  name: 'SnapshotHeaderRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16(),
    lastContainedLogTimestamp: int64(),
  },
});

/** The last record of a snapshot: without it the snapshot is torn. */
export const snapshotFooterRecord = defineMessage({
  name: 'SnapshotFooterRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16(),
  },
});

/** The finalised kraft.version. */
export const kRaftVersionRecord = defineMessage({
  name: 'KRaftVersionRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16(),
    kRaftVersion: int16(),
  },
});

/** The voters of the metadata quorum, by kraft.version 1. */
export const votersRecord = defineMessage({
  name: 'VotersRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16(),
    voters: array('0+', {
      voterId: int32(),
      voterDirectoryId: uuid(),
      endpoints: array('0+', {
        name: string(),
        host: string(),
        port: uint16(),
      }),
      kRaftVersionFeature: struct('0+', {
        minSupportedVersion: int16(),
        maxSupportedVersion: int16(),
      }),
    }),
  },
});
