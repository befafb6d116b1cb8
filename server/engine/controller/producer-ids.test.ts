import { expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { emptyImage } from './image/cluster-image.ts';
import { replayAll } from './image/replay.ts';
import { toRecords } from './image/to-records.ts';
import { decideProducerIds, producerIdBlockSize } from './producer-ids.ts';
import { TestController } from './testing/test-controller.ts';

function allocate(controller: TestController, brokerId: number): number {
  const brokerEpoch = controller.image.brokers.get(brokerId)?.brokerEpoch ?? -1;
  const answer = controller.apply(decideProducerIds(controller.view(), { brokerId, brokerEpoch }));
  return 'producerIdStart' in answer ? answer.producerIdStart : -answer.errorCode;
}

test('no id is given twice: not to two brokers, not to one that restarted, not by a controller that began from a snapshot', () => {
  const controller = new TestController().serve(1, 2);
  const blocks = [allocate(controller, 1), allocate(controller, 2)];
  controller.register(1, 99, 1);
  blocks.push(allocate(controller, 1));
  controller.image = replayAll(emptyImage, [...toRecords(controller.image)], 2);
  blocks.push(allocate(controller, 2));
  expect(blocks).toEqual([0, 1, 2, 3].map((block) => block * producerIdBlockSize));
});

test('an earlier process and a stranger get none, and use none up', () => {
  const controller = new TestController().serve(1);
  const stale = decideProducerIds(controller.view(), { brokerId: 1, brokerEpoch: 0 });
  const stranger = decideProducerIds(controller.view(), { brokerId: 9, brokerEpoch: 0 });
  expect([stale.answer.errorCode, stranger.answer.errorCode]).toEqual([errorCodes.STALE_BROKER_EPOCH, errorCodes.BROKER_ID_NOT_REGISTERED]);
  expect([...stale.records, ...stranger.records]).toEqual([]);
});
