// What consumers of the classic protocol put into JoinGroup and SyncGroup. Written with the version in front.

import { array, bytes, defineMessage, int32, string } from '../schema.ts';

/** What a member wants to read, and what it owned so far. */
export const consumerProtocolSubscription = defineMessage({
  name: 'ConsumerProtocolSubscription',
  versions: '0-3',
  flexible: 'none',
  fields: {
    topics: array('0+', string()),
    userData: bytes({ nullable: '0+', default: null }),
    ownedPartitions: array(
      { versions: '1+', ignorable: true },
      {
        topic: string(),
        partitions: array('0+', int32()),
      },
    ),
    generationId: int32({ versions: '2+', default: -1, ignorable: true }),
    rackId: string({ versions: '3+', nullable: '0+', default: null, ignorable: true }),
  },
});

/** What the leader gave a member. */
export const consumerProtocolAssignment = defineMessage({
  name: 'ConsumerProtocolAssignment',
  versions: '0-3',
  flexible: 'none',
  fields: {
    assignedPartitions: array('0+', {
      topic: string(),
      partitions: array('0+', int32()),
    }),
    userData: bytes({ nullable: '0+', default: null }),
  },
});
