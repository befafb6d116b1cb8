// The file NNN.snapshot beside a segment: the producers' states up to that offset. Written with its version in
// front; the checksum covers everything behind itself.

import { array, defineMessage, int16, int32, int64, uint32 } from '../schema.ts';

export const producerSnapshot = defineMessage({
  name: 'ProducerSnapshot',
  versions: '1',
  flexible: 'none',
  fields: {
    crc: uint32(),
    producerEntries: array('0+', {
      producerId: int64(),
      epoch: int16(),
      lastSequence: int32(),
      lastOffset: int64(),
      offsetDelta: int32(),
      timestamp: int64(),
      coordinatorEpoch: int32(),
      currentTxnFirstOffset: int64(),
    }),
  },
});
