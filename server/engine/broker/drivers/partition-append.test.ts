import { afterEach, describe, expect, test } from 'vitest';
import { assert } from '#engine/base/assert.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { AppendOutcome, CommitOutcome } from '../partition-port.ts';
import { partitionFixture, textBatch, type PartitionFixture } from '../testing/partition-fixture.ts';
import { partitionView } from '../testing/static-metadata.ts';

const opened: PartitionFixture[] = [];

function setUp(): PartitionFixture {
  const fixture = partitionFixture();
  opened.push(fixture);
  return fixture;
}

afterEach(() => {
  for (const fixture of opened.splice(0)) fixture.remove();
});

describe('an append of a coordinator', () => {
  function committedBy(outcome: AppendOutcome): Promise<CommitOutcome> {
    assert(outcome.kind === 'appended', 'the append is taken');
    return outcome.committed;
  }

  test('what an append would meet is what it meets: epoch, in-sync replicas, size', () => {
    const fixture = setUp();
    const partition = { topic: 't', partition: 0 };
    const tryIt = (batch: Uint8Array) => [fixture.driver.mayAppend(partition, 0), fixture.driver.append(partition, batch, 0)];
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2], isr: [1, 2] })]);
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'min.insync.replicas', '2');
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'max.message.bytes', '200');
    expect(tryIt(textBatch(['x'.repeat(200)]))).toEqual([
      { kind: 'permitted', maxBatchBytes: 200 },
      { kind: 'refused', errorCode: errorCodes.MESSAGE_TOO_LARGE },
    ]);
    fixture.metadata.changePartition('t', 0, { isr: [1] });
    const tooFew = { kind: 'refused', errorCode: errorCodes.NOT_ENOUGH_REPLICAS };
    expect(tryIt(textBatch(['a']))).toEqual([tooFew, tooFew]);
    fixture.metadata.changePartition('t', 0, { leaderId: 2, leaderEpoch: 1 });
    const elsewhere = { kind: 'failed', errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER };
    expect(tryIt(textBatch(['a']))).toEqual([elsewhere, elsewhere]);
    expect(fixture.driver.readLocal(partition, 0, 1_000)?.logEndOffset).toBe(0);
  });

  test('an append is refused in any epoch but the one led', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { leaderEpoch: 3 })], { isInternal: true });
    const partition = { topic: 't', partition: 0 };
    expect(fixture.driver.append(partition, textBatch(['a']), 2)).toEqual({
      kind: 'failed',
      errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER,
    });
    expect(await committedBy(fixture.driver.append(partition, textBatch(['a']), 3))).toEqual({ errorCode: 0 });
    expect(fixture.driver.readLocal(partition, 0, 1000)).toMatchObject({ highWatermark: 1, logEndOffset: 1 });
    expect(fixture.driver.leaderEpoch(partition)).toBe(3);
  });

  test('an append that waits for followers learns when the leadership is lost', async () => {
    const fixture = setUp();
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2], isr: [1, 2] })]);
    const pending = committedBy(fixture.driver.append({ topic: 't', partition: 0 }, textBatch(['a']), 0));
    fixture.metadata.changePartition('t', 0, { leaderId: 2, leaderEpoch: 1 });
    expect((await pending).errorCode).toBe(errorCodes.NOT_LEADER_OR_FOLLOWER);
  });
});
