import { expect, test } from 'vitest';
import { TestController } from '../testing/test-controller.ts';
import { decideDeleteTopics } from '../topics/delete-topics.ts';
import { decideIncrementalConfigs } from '../configs/alter-configs.ts';
import { decideProducerIds } from '../producer-ids.ts';
import { emptyImage, type ClusterImage } from './cluster-image.ts';
import { Replay, replayAll } from './replay.ts';
import { toRecords } from './to-records.ts';

function busyCluster(): TestController {
  const controller = new TestController().serve(1, 2, 3);
  controller.create('a', [
    [1, 2],
    [2, 3],
  ]);
  controller.create('b', [[3]]);
  controller.create('gone', [[1]]);
  controller.apply(decideDeleteTopics(controller.view(), { topics: [], topicNames: ['gone'] }));
  controller.apply(
    decideIncrementalConfigs(
      controller.view(),
      [{ resourceType: 2, resourceName: 'a', configs: [{ name: 'retention.ms', configOperation: 0, value: '7' }] }],
      false,
    ),
  );
  controller.apply(decideProducerIds(controller.view(), { brokerId: 1, brokerEpoch: controller.image.brokers.get(1)!.brokerEpoch }));
  controller.beat(2, { wantFence: true });
  return controller;
}

function content({ offset: _offset, epoch: _epoch, ...rest }: ClusterImage): Omit<ClusterImage, 'offset' | 'epoch'> {
  return rest;
}

test('a snapshot of an image replays to the same image', () => {
  const { image } = busyCluster();
  expect(content(replayAll(emptyImage, [...toRecords(image)], 1))).toEqual(content(image));
});

test('the old image is untouched, and what did not change is shared', () => {
  const controller = busyCluster();
  const before = controller.image;
  const text = JSON.stringify([...before.topics]);
  controller.create('c', [[1]]);
  expect(JSON.stringify([...before.topics])).toBe(text);
  expect(controller.image.topics.get('a')).toBe(before.topics.get('a'));
  expect(controller.image.brokers).toBe(before.brokers);
});

test('a run tells what it touched: a topic deleted and made again counts as both', () => {
  const controller = busyCluster();
  const topic = controller.image.topics.get('b')!;
  const topicId = controller.view().newTopicId();
  const replay = new Replay(controller.image);
  replay.apply({ type: 'RemoveTopic', topicId: topic.topicId });
  replay.apply({ type: 'Topic', name: 'b', topicId });
  const { image, touched } = replay.finish(99, 1);
  expect(image.topics.get('b')).toMatchObject({ topicId, partitions: [] });
  expect(touched.deletedTopics).toEqual([topic]);
  expect(touched.topics.get('b')).toBe(topic);
});

test('a record about something unknown is a fork of the log, and stops the replay', () => {
  const replay = new Replay(emptyImage);
  expect(() => {
    replay.apply({ type: 'RemoveTopic', topicId: busyCluster().view().newTopicId() });
  }).toThrow(/doesn't exist/);
});
