// The fields of the quorum-state file. Kafka writes them as JSON text with data_version beside them; this schema
// says which fields each version has and what their defaults are.

import { array, defineMessage, int32, int64, string, uuid } from '../schema.ts';

export const quorumStateData = defineMessage({
  name: 'QuorumStateData',
  versions: '0-1',
  flexible: '0+',
  fields: {
    clusterId: string('0'),
    leaderId: int32({ default: -1 }),
    leaderEpoch: int32({ default: -1 }),
    votedId: int32({ default: -1 }),
    votedDirectoryId: uuid('1+'),
    appliedOffset: int64('0'),
    currentVoters: array(
      { versions: '0', nullable: '0+' },
      {
        voterId: int32(),
      },
    ),
  },
});
