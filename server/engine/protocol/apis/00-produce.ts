// Produce (0): appends one record batch to each named partition. acks 0 gets no response at all, an error then
// closes the connection; 1 waits for the leader, -1 for the high watermark.
// v3 is the first with record batches of magic 2, v5 answers the log start offset, v7 allows zstd, v8 names
// the refused records, v9 is flexible, v10 tells the current leader (KIP-951), v11 and v12 belong to
// transactions (KIP-890), v13 names topics by id.
// Advertised from 0 although 0 to 2 can't be decoded: librdkafka takes a higher minimum for a broker without
// features.

import { array, defineApi, int16, int32, int64, records, string, struct, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const produceApi = defineApi({
  key: 0,
  name: 'Produce',
  versions: '3-13',
  advertised: '0-13',
  flexible: '9+',
  listeners: ['broker'],
  request: {
    transactionalId: string({ nullable: '0+', default: null }),
    acks: int16(),
    timeoutMs: int32(),
    topicData: array('0+', {
      name: string({ versions: '0-12', ignorable: true }),
      topicId: uuid({ versions: '13+', ignorable: true }),
      partitionData: array('0+', {
        index: int32(),
        records: records({ nullable: '0+' }),
      }),
    }),
  },
  response: {
    responses: array('0+', {
      name: string({ versions: '0-12', ignorable: true }),
      topicId: uuid({ versions: '13+', ignorable: true }),
      partitionResponses: array('0+', {
        index: int32(),
        errorCode: int16(),
        baseOffset: int64(),
        logAppendTimeMs: int64({ default: -1 }),
        logStartOffset: int64({ versions: '5+', default: -1, ignorable: true }),
        recordErrors: array(
          { versions: '8+', ignorable: true },
          {
            batchIndex: int32(),
            batchIndexErrorMessage: string({ nullable: '0+', default: null }),
          },
        ),
        errorMessage: string({ versions: '8+', nullable: '0+', default: null, ignorable: true }),
        currentLeader: struct(
          { versions: '10+', tag: 0 },
          {
            leaderId: int32({ default: -1 }),
            leaderEpoch: int32({ default: -1 }),
          },
        ),
      }),
    }),
    throttleTimeMs: int32({ default: 0 }),
    nodeEndpoints: array(
      { versions: '10+', tag: 0 },
      {
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: string({ nullable: '0+', default: null }),
      },
    ),
  },
});

export type ProduceRequest = RequestOf<typeof produceApi>;
export type ProduceResponse = ResponseOf<typeof produceApi>;
