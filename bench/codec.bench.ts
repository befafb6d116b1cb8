// What compiling the codecs gains: hot messages through the compiled codec, through the interpreter that walks the
// schema, and (one of them) through a decoder written by hand over the same Reader. Run it with
// `npm run bench -- codec`. It prints; it judges nothing.

import { bench, run, summary } from 'mitata';
import { Reader } from '#engine/bytes/reader.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { fetchApi } from '#engine/protocol/apis/01-fetch.ts';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse } from '#engine/protocol/codec.ts';
import { encodeRequestFrame } from '#engine/protocol/headers.ts';
import { FrameSplitter } from '#engine/protocol/frame.ts';
import { interpretDecode, interpretEncode } from '#engine/protocol/testing/interpret.ts';
import { uuidFromBytes } from '#engine/bytes/uuid.ts';

const partitions = 20;
const numbers = Array.from({ length: partitions }, (_, index) => index);
const topicId = uuidFromBytes(Uint8Array.from({ length: 16 }, (_, index) => index * 7));
const batch = Buffer.alloc(16 * 1024, 1);

const fetchRequest = {
  maxWaitMs: 500,
  minBytes: 1,
  topics: [
    { topicId, partitions: numbers.map((partition) => ({ partition, fetchOffset: 1_000_000 + partition, partitionMaxBytes: 1_048_576 })) },
  ],
};
const produceRequest = {
  acks: 1,
  timeoutMs: 1000,
  topicData: [{ name: 'events', partitionData: numbers.map((index) => ({ index, records: batch })) }],
};
const fetchResponse = {
  responses: [
    {
      topicId,
      partitions: numbers.map((partitionIndex) => ({
        partitionIndex,
        errorCode: 0,
        highWatermark: 5_000_000,
        abortedTransactions: null,
        records: [batch, batch],
      })),
    },
  ],
};
const produceResponse = {
  responses: [{ name: 'events', partitionResponses: numbers.map((index) => ({ index, errorCode: 0, baseOffset: 123_456_789 + index })) }],
};
const metadataResponse = {
  brokers: [1, 2, 3].map((nodeId) => ({ nodeId, host: 'broker.example.org', port: 9092 })),
  topics: Array.from({ length: 50 }, (_, topic) => ({
    errorCode: 0,
    name: `topic-${topic}`,
    topicId,
    partitions: numbers.map((partitionIndex) => ({
      errorCode: 0,
      partitionIndex,
      leaderId: 1,
      replicaNodes: [1, 2, 3],
      isrNodes: [1, 2, 3],
    })),
  })),
};

const fetchBytes = Buffer.concat(encodeRequest(fetchApi, 13, fetchRequest));
const produceBytes = Buffer.concat(encodeRequest(produceApi, 9, produceRequest));
const metadataBytes = Buffer.concat(encodeResponse(metadataApi, 12, metadataResponse));
const produceFrame = Buffer.concat(encodeRequestFrame(produceApi, { version: 9, correlationId: 1, clientId: 'bench' }, produceRequest));

/** Fetch v13 as one would write it by hand: the yardstick for what compiling may cost. */
function decodeFetchByHand(reader: Reader): unknown {
  const head = {
    replicaId: reader.int32(),
    maxWaitMs: reader.int32(),
    minBytes: reader.int32(),
    maxBytes: reader.int32(),
    isolationLevel: reader.int8(),
    sessionId: reader.int32(),
    sessionEpoch: reader.int32(),
  };
  const topics: unknown[] = [];
  for (let left = reader.arrayLength(true, 18); left > 0; left--) {
    const id = reader.uuid();
    const list: unknown[] = [];
    for (let more = reader.arrayLength(true, 33); more > 0; more--) {
      list.push({
        partition: reader.int32(),
        currentLeaderEpoch: reader.int32(),
        fetchOffset: reader.int64(),
        lastFetchedEpoch: reader.int32(),
        logStartOffset: reader.int64(),
        partitionMaxBytes: reader.int32(),
        replicaDirectoryId: id,
        highWatermark: 0,
      });
      reader.skipTags();
    }
    reader.skipTags();
    topics.push({ topicId: id, partitions: list });
  }
  const forgotten = reader.arrayLength(true, 18);
  const rackId = reader.string(true);
  reader.skipTags();
  return { ...head, topics, forgotten, rackId };
}

summary(() => {
  bench('decode Fetch request v13, 20 partitions: compiled', () => decodeRequest(fetchApi, 13, fetchBytes)).baseline(true);
  bench('decode Fetch request v13, 20 partitions: by hand', () => decodeFetchByHand(new Reader(fetchBytes)));
  bench('decode Fetch request v13, 20 partitions: interpreter', () => interpretDecode(fetchApi.request, 13, new Reader(fetchBytes)));
});
summary(() => {
  bench('decode Produce request v9, 20 x 16 KiB: compiled', () => decodeRequest(produceApi, 9, produceBytes)).baseline(true);
  bench('decode Produce request v9, 20 x 16 KiB: interpreter', () => interpretDecode(produceApi.request, 9, new Reader(produceBytes)));
});
summary(() => {
  bench('encode Fetch response v16, 20 x 32 KiB: compiled, by reference', () => encodeResponse(fetchApi, 16, fetchResponse)).baseline(true);
  bench('encode Fetch response v16, 20 x 32 KiB: interpreter, copied', () => interpretEncode(fetchApi.response, 16, fetchResponse));
});
summary(() => {
  bench('encode Produce response v9, 20 partitions: compiled', () => encodeResponse(produceApi, 9, produceResponse)).baseline(true);
  bench('encode Produce response v9, 20 partitions: interpreter', () => interpretEncode(produceApi.response, 9, produceResponse));
});
summary(() => {
  bench('decode Metadata response v12, 1000 partitions: compiled', () => decodeResponse(metadataApi, 12, metadataBytes)).baseline(true);
  bench('decode Metadata response v12, 1000 partitions: interpreter', () =>
    interpretDecode(metadataApi.response, 12, new Reader(metadataBytes)));
});
summary(() => {
  const splitter = new FrameSplitter(() => undefined);
  bench('split a 320 KiB frame: whole in one chunk', () => splitter.push(produceFrame));
  bench('split a 320 KiB frame: in chunks of 64 KiB', () => {
    for (let at = 0; at < produceFrame.length; at += 65_536) splitter.push(produceFrame.subarray(at, at + 65_536));
  });
});

await run();
