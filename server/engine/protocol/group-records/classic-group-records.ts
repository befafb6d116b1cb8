// A classic group in __consumer_offsets: one record holds the whole group with its members. A null value is a
// tombstone: the group is gone.

import { defineRecord } from '../record-schema.ts';
import { array, bytes, int32, int64, string } from '../schema.ts';

export const groupMetadataKey = defineRecord({
  type: 2,
  name: 'GroupMetadataKey',
  versions: '0',
  flexible: 'none',
  fields: {
    group: string(),
  },
});

export const groupMetadataValue = defineRecord({
  type: 2,
  name: 'GroupMetadataValue',
  versions: '0-4',
  flexible: '4+',
  fields: {
    protocolType: string(),
    generation: int32(),
    protocol: string({ nullable: '0+' }),
    leader: string({ nullable: '0+' }),
    currentStateTimestamp: int64({ versions: '2+', default: -1, ignorable: true }),
    members: array('0+', {
      memberId: string(),
      groupInstanceId: string({ versions: '3+', nullable: '0+', default: null, ignorable: true }),
      clientId: string(),
      clientHost: string(),
      rebalanceTimeout: int32({ versions: '1+', default: -1, ignorable: true }),
      sessionTimeout: int32(),
      subscription: bytes(),
      assignment: bytes(),
    }),
  },
});
