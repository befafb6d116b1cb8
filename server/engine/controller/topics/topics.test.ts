import { describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { zeroTopicId } from '#engine/base/brand.ts';
import { configsOf } from '../image/cluster-image.ts';
import { TestController } from '../testing/test-controller.ts';
import { decideCreatePartitions } from './create-partitions.ts';
import { decideCreateTopics, maxPartitionsPerRequest } from './create-topics.ts';
import { decideDeleteTopics } from './delete-topics.ts';

interface Wanted {
  readonly name: string;
  readonly numPartitions?: number;
  readonly replicationFactor?: number;
  readonly configs?: readonly { name: string; value: string | null }[];
  readonly assignments?: readonly { partitionIndex: number; brokerIds: readonly number[] }[];
}

function create(controller: TestController, topics: readonly Wanted[], validateOnly = false): ReturnType<typeof decideCreateTopics> {
  const complete = topics.map((topic) => ({ numPartitions: 1, replicationFactor: 1, configs: [], assignments: [], ...topic }));
  return decideCreateTopics(controller.view(), { topics: complete, validateOnly });
}

function codeOf(topic: Wanted, controller = new TestController().serve(1, 2, 3)): number | undefined {
  const decision = create(controller, [topic]);
  if (decision.answer[0]?.errorCode !== 0) expect(decision.records).toEqual([]);
  return decision.answer[0]?.errorCode;
}

describe('CreateTopics', () => {
  test.each([
    ['an empty name', { name: '' }, 'INVALID_TOPIC_EXCEPTION'],
    ['a dot', { name: '.' }, 'INVALID_TOPIC_EXCEPTION'],
    ['two dots', { name: '..' }, 'INVALID_TOPIC_EXCEPTION'],
    ['250 characters', { name: 'x'.repeat(250) }, 'INVALID_TOPIC_EXCEPTION'],
    ['a space', { name: 'a b' }, 'INVALID_TOPIC_EXCEPTION'],
    ['no partitions', { name: 't', numPartitions: 0 }, 'INVALID_PARTITIONS'],
    ['-2 partitions', { name: 't', numPartitions: -2 }, 'INVALID_PARTITIONS'],
    ['too many partitions', { name: 't', numPartitions: maxPartitionsPerRequest + 1 }, 'POLICY_VIOLATION'],
    ['no replicas', { name: 't', replicationFactor: 0 }, 'INVALID_REPLICATION_FACTOR'],
    ['more replicas than brokers', { name: 't', replicationFactor: 4 }, 'INVALID_REPLICATION_FACTOR'],
    ['an unknown config', { name: 't', configs: [{ name: 'colour', value: 'red' }] }, 'INVALID_CONFIG'],
    ['a config of the wrong type', { name: 't', configs: [{ name: 'retention.ms', value: 'soon' }] }, 'INVALID_CONFIG'],
    ['a config out of range', { name: 't', configs: [{ name: 'retention.ms', value: '-2' }] }, 'INVALID_CONFIG'],
    ['a null config', { name: 't', configs: [{ name: 'retention.ms', value: null }] }, 'INVALID_CONFIG'],
    [
      'an assignment and a count',
      { name: 't', numPartitions: 1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [1] }] },
      'INVALID_REQUEST',
    ],
    [
      'an assignment and a factor',
      { name: 't', numPartitions: -1, replicationFactor: 1, assignments: [{ partitionIndex: 0, brokerIds: [1] }] },
      'INVALID_REQUEST',
    ],
    [
      'an assignment with a hole',
      { name: 't', numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 1, brokerIds: [1] }] },
      'INVALID_REPLICA_ASSIGNMENT',
    ],
    [
      'an assignment to a stranger',
      { name: 't', numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [9] }] },
      'INVALID_REPLICA_ASSIGNMENT',
    ],
    [
      'a broker twice',
      { name: 't', numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [1, 1] }] },
      'INVALID_REPLICA_ASSIGNMENT',
    ],
    [
      'uneven assignments',
      {
        name: 't',
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [
          { partitionIndex: 0, brokerIds: [1] },
          { partitionIndex: 1, brokerIds: [1, 2] },
        ],
      },
      'INVALID_REPLICA_ASSIGNMENT',
    ],
  ] as const)('refuses %s and writes nothing', (_what, topic, error) => {
    expect(codeOf(topic)).toBe(errorCodes[error]);
  });

  test('a name of 249 characters is the longest', () => {
    expect(codeOf({ name: 'x'.repeat(249) })).toBe(0);
  });

  test('names that differ only in dot and underscore collide, with topics and within one request', () => {
    const controller = new TestController().serve(1);
    controller.create('a.b', [[1]]);
    expect(codeOf({ name: 'a_b' }, controller)).toBe(errorCodes.INVALID_TOPIC_EXCEPTION);
    expect(create(controller, [{ name: 'c.d' }, { name: 'c_d' }]).answer.map((topic) => topic.errorCode)).toEqual([
      0,
      errorCodes.INVALID_TOPIC_EXCEPTION,
    ]);
  });

  test('-1 means the defaults, and the answer tells what they were', () => {
    const controller = new TestController().serve(1);
    const [topic] = create(controller, [{ name: 't', numPartitions: -1, replicationFactor: -1 }]).answer;
    expect(topic).toMatchObject({ errorCode: 0, numPartitions: 2, replicationFactor: 1 });
    expect(topic?.configs?.find((config) => config.name === 'retention.ms')).toMatchObject({ value: '604800000', configSource: 5 });
  });

  test('a good topic beside bad ones is created; a doubled name is refused once', () => {
    const controller = new TestController().serve(1);
    const answer = controller.apply(create(controller, [{ name: 'good' }, { name: 'bad name' }, { name: 'twice' }, { name: 'twice' }]));
    expect(answer.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['good', 0],
      ['bad name', errorCodes.INVALID_TOPIC_EXCEPTION],
      ['twice', errorCodes.INVALID_REQUEST],
    ]);
    expect([...controller.image.topics.keys()]).toEqual(['good']);
  });

  test('validateOnly answers the same and creates nothing', () => {
    const decision = create(new TestController().serve(1), [{ name: 't', configs: [{ name: 'cleanup.policy', value: 'compact' }] }], true);
    expect(decision.answer[0]).toMatchObject({ errorCode: 0, numPartitions: 1, topicId: zeroTopicId });
    expect(decision.records).toEqual([]);
  });

  test('while all brokers are fenced nothing can be placed', () => {
    const controller = new TestController();
    controller.register(1);
    expect(codeOf({ name: 't' }, controller)).toBe(errorCodes.INVALID_REPLICATION_FACTOR);
  });

  test('an existing topic stays as it is', () => {
    const controller = new TestController().serve(1);
    controller.create('t', [[1]]);
    expect(codeOf({ name: 't' }, controller)).toBe(errorCodes.TOPIC_ALREADY_EXISTS);
  });
});

describe('DeleteTopics', () => {
  test('by name and by id; what is unknown is told by the kind of name it was asked by', () => {
    const controller = new TestController().serve(1);
    controller.create('a', [[1]]);
    controller.create('b', [[1]]);
    const topicId = controller.image.topics.get('b')!.topicId;
    const stranger = controller.view().newTopicId();
    const answer = controller.apply(
      decideDeleteTopics(controller.view(), {
        topics: [
          { name: null, topicId },
          { name: null, topicId: stranger },
          { name: 'a', topicId },
        ],
        topicNames: ['a', 'c'],
      }),
    );
    expect(answer.map((topic) => topic.errorCode)).toEqual([
      0,
      errorCodes.UNKNOWN_TOPIC_ID,
      errorCodes.INVALID_REQUEST,
      0,
      errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
    ]);
    expect(controller.image.topics.size).toBe(0);
  });

  test('a topic takes its configs with it, and comes back under another id', () => {
    const controller = new TestController().serve(1);
    controller.apply(create(controller, [{ name: 't', configs: [{ name: 'retention.ms', value: '5' }] }]));
    const before = controller.image.topics.get('t')!.topicId;
    expect(configsOf(controller.image, 2, 't').get('retention.ms')).toBe('5');
    controller.apply(decideDeleteTopics(controller.view(), { topics: [], topicNames: ['t'] }));
    expect(configsOf(controller.image, 2, 't').size).toBe(0);
    controller.create('t', [[1]]);
    expect(controller.image.topics.get('t')!.topicId).not.toBe(before);
  });
});

describe('CreatePartitions', () => {
  test.each([
    [1, 'INVALID_PARTITIONS'],
    [2, 'INVALID_PARTITIONS'],
    [maxPartitionsPerRequest + 3, 'POLICY_VIOLATION'],
  ] as const)('from 2 to %i partitions is refused', (count, error) => {
    const controller = new TestController().serve(1);
    controller.create('t', [[1], [1]]);
    const decision = decideCreatePartitions(controller.view(), { topics: [{ name: 't', count, assignments: null }], validateOnly: false });
    expect(decision.answer).toMatchObject([{ name: 't', errorCode: errorCodes[error] }]);
    expect(decision.records).toEqual([]);
  });

  test('adds what is missing, with as many replicas as the topic has, and answers every topic', () => {
    const controller = new TestController().serve(1, 2, 3);
    controller.create('t', [[1, 2]]);
    const answer = controller.apply(
      decideCreatePartitions(controller.view(), {
        topics: [
          { name: 't', count: 4, assignments: null },
          { name: 'x', count: 4, assignments: null },
        ],
        validateOnly: false,
      }),
    );
    expect(answer.map((topic) => topic.errorCode)).toEqual([0, errorCodes.UNKNOWN_TOPIC_OR_PARTITION]);
    expect(controller.image.topics.get('t')!.partitions.map((partition) => partition.replicas.length)).toEqual([2, 2, 2, 2]);
  });
});
