// DescribeLogDirs (35): true sizes and lags of the replicas in each log directory of one broker.
// v2 flexible, v3 a top-level error, v4 the volume's total and usable bytes, v5 whether the directory is
// cordoned.

import { array, bool, defineApi, int16, int32, int64, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const describeLogDirsApi = defineApi({
  key: 35,
  name: 'DescribeLogDirs',
  versions: '1-5',
  flexible: '2+',
  listeners: ['broker'],
  request: {
    topics: array(
      { nullable: '0+' },
      {
        topic: string(),
        partitions: array('0+', int32()),
      },
    ),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16({ versions: '3+', ignorable: true }),
    results: array('0+', {
      errorCode: int16(),
      logDir: string(),
      topics: array('0+', {
        name: string(),
        partitions: array('0+', {
          partitionIndex: int32(),
          partitionSize: int64(),
          offsetLag: int64(),
          isFutureKey: bool(),
        }),
      }),
      totalBytes: int64({ versions: '4+', default: -1, ignorable: true }),
      usableBytes: int64({ versions: '4+', default: -1, ignorable: true }),
      isCordoned: bool({ versions: '5+', default: false, ignorable: true }),
    }),
  },
});

export type DescribeLogDirsRequest = RequestOf<typeof describeLogDirsApi>;
export type DescribeLogDirsResponse = ResponseOf<typeof describeLogDirsApi>;
