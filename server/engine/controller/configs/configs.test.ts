import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { configsOf } from '../image/cluster-image.ts';
import { TestController } from '../testing/test-controller.ts';
import { configOperations, decideIncrementalConfigs, decideReplacingConfigs, type ConfigOperation } from './alter-configs.ts';
import { documentationOf } from './config-documentation.ts';
import { withoutEffect } from './config-effect.ts';
import {
  brokerConfigs,
  clientMetricsConfigs,
  dynamicBrokerConfigs,
  groupConfigs,
  ownBrokerConfigs,
  topicConfigs,
} from './config-tables.ts';
import { isSensitive } from './config-row.ts';
import { effectiveConfigs } from './effective-config.ts';

const { set, delete: remove, append, subtract } = configOperations;

function alter(
  controller: TestController,
  configs: readonly ConfigOperation[],
  resource: { readonly resourceType: number; readonly resourceName: string } = { resourceType: 2, resourceName: 't' },
): number | undefined {
  return controller.apply(decideIncrementalConfigs(controller.view(), [{ ...resource, configs }], false))[0]?.errorCode;
}

function withTopic(): TestController {
  const controller = new TestController().serve(1);
  controller.create('t', [[1]]);
  return controller;
}

describe('IncrementalAlterConfigs', () => {
  test('sets and deletes one key and leaves the others alone', () => {
    const controller = withTopic();
    alter(controller, [
      { name: 'retention.ms', configOperation: set, value: '1' },
      { name: 'segment.ms', configOperation: set, value: '2' },
    ]);
    alter(controller, [{ name: 'retention.ms', configOperation: remove, value: null }]);
    expect([...configsOf(controller.image, 2, 't')]).toEqual([['segment.ms', '2']]);
  });

  test('append starts from the default, never doubles, and subtract takes away', () => {
    const controller = withTopic();
    alter(controller, [{ name: 'cleanup.policy', configOperation: append, value: 'compact,delete' }]);
    expect(configsOf(controller.image, 2, 't').get('cleanup.policy')).toBe('delete,compact');
    alter(controller, [{ name: 'cleanup.policy', configOperation: subtract, value: 'delete' }]);
    expect(configsOf(controller.image, 2, 't').get('cleanup.policy')).toBe('compact');
  });

  test.each([
    ['append to what is no list', { name: 'retention.ms', configOperation: append, value: '1' }, 'INVALID_CONFIG'],
    ['subtract from what is no list', { name: 'retention.ms', configOperation: subtract, value: '1' }, 'INVALID_CONFIG'],
    ['an unknown name', { name: 'colour', configOperation: set, value: 'red' }, 'INVALID_CONFIG'],
    ['deleting an unknown name', { name: 'colour', configOperation: remove, value: null }, 'INVALID_CONFIG'],
    ['a value of another type', { name: 'retention.ms', configOperation: set, value: '1.5' }, 'INVALID_CONFIG'],
    ['more than 64 bits', { name: 'retention.ms', configOperation: set, value: '9223372036854775808' }, 'INVALID_CONFIG'],
    ['a choice that does not exist', { name: 'compression.type', configOperation: set, value: 'brotli' }, 'INVALID_CONFIG'],
    ['a set without value', { name: 'retention.ms', configOperation: set, value: null }, 'INVALID_REQUEST'],
    ['an unknown operation', { name: 'retention.ms', configOperation: 9, value: '1' }, 'INVALID_REQUEST'],
  ] as const)('refuses %s', (_what, operation, error) => {
    const controller = withTopic();
    const { image } = controller;
    expect(alter(controller, [{ name: 'segment.ms', configOperation: set, value: '5' }, operation])).toBe(errorCodes[error]);
    expect(controller.image, 'a refused resource changes by nothing').toBe(image);
  });

  test('a key twice, a resource twice, a missing topic, a read-only broker config are refused', () => {
    const controller = withTopic();
    const once = { name: 'retention.ms', configOperation: set, value: '1' };
    expect(alter(controller, [once, once])).toBe(errorCodes.INVALID_REQUEST);
    expect(alter(controller, [once], { resourceType: 2, resourceName: 'nowhere' })).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
    expect(alter(controller, [{ name: 'broker.id', configOperation: set, value: '4' }], { resourceType: 4, resourceName: '1' })).toBe(
      errorCodes.INVALID_REQUEST,
    );
    expect(
      alter(controller, [{ name: 'log.retention.ms', configOperation: set, value: '4' }], { resourceType: 4, resourceName: '8' }),
    ).toBe(errorCodes.BROKER_ID_NOT_REGISTERED);
    const resource = { resourceType: 2, resourceName: 't', configs: [once] };
    expect(decideIncrementalConfigs(controller.view(), [resource, resource], false).answer.map((result) => result.errorCode)).toEqual([
      errorCodes.INVALID_REQUEST,
      errorCodes.INVALID_REQUEST,
    ]);
  });
});

test('legacy AlterConfigs replaces the whole set', () => {
  const controller = withTopic();
  alter(controller, [
    { name: 'retention.ms', configOperation: set, value: '1' },
    { name: 'segment.ms', configOperation: set, value: '2' },
  ]);
  controller.apply(
    decideReplacingConfigs(
      controller.view(),
      [{ resourceType: 2, resourceName: 't', configs: [{ name: 'segment.ms', value: '3' }] }],
      false,
    ),
  );
  expect([...configsOf(controller.image, 2, 't')]).toEqual([['segment.ms', '3']]);
});

test('the nearest source wins and the others are its synonyms', () => {
  const controller = withTopic();
  const staticConfigs = new Map([['log.segment.bytes', '2000000']]);
  const find = (): ReturnType<typeof effectiveConfigs>[number] | undefined =>
    effectiveConfigs({ image: controller.image, brokerId: 1, staticConfigs }, { resourceType: 2, name: 't' }).find(
      ({ config }) => config.name === 'segment.bytes',
    );
  expect(find()).toMatchObject({ value: '2000000', source: 4 });
  alter(controller, [{ name: 'log.segment.bytes', configOperation: set, value: '3000000' }], { resourceType: 4, resourceName: '' });
  expect(find()).toMatchObject({ value: '3000000', source: 3 });
  alter(controller, [{ name: 'segment.bytes', configOperation: set, value: '4000000' }]);
  expect(find()).toMatchObject({ value: '4000000', source: 1 });
  expect(find()?.synonyms.map(({ name, source }) => `${source} ${name}`)).toEqual([
    '1 segment.bytes',
    '3 log.segment.bytes',
    '4 log.segment.bytes',
    '5 log.segment.bytes',
  ]);
});

test('a switch or a list of a topic that nobody set is described as off or empty, as Kafka describes it', () => {
  const scope = { image: withTopic().image, brokerId: 1, staticConfigs: new Map<string, string>() };
  const values = new Map(effectiveConfigs(scope, { resourceType: 2, name: 't' }).map(({ config, value }) => [config.name, value]));
  for (const name of ['remote.storage.enable', 'remote.log.copy.disable', 'remote.log.delete.on.disable'])
    expect(values.get(name)).toBe('false');
  for (const name of ['leader.replication.throttled.replicas', 'follower.replication.throttled.replicas'])
    expect(values.get(name)).toBe('');
  const metrics = effectiveConfigs(scope, { resourceType: 16, name: 'm' }).map(({ config, value }) => [config.name, value]);
  expect(metrics).toEqual([
    ['interval.ms', '300000'],
    ['match', ''],
    ['metrics', ''],
  ]);
});

test.each([
  [2, 't', 'preallocate', 'true', 'segments grow as they are written'],
  [2, 't', 'remote.storage.enable', 'true', 'there is no tiered storage'],
  [4, '', 'num.io.threads', '16', 'a broker runs on one event loop'],
  [4, '', 'listeners', 'PLAINTEXT://127.0.0.1:1', 'is read when the broker starts'],
  [32, 'g', 'consumer.session.timeout.ms', '50000', 'only the classic group protocol is served yet'],
  [16, 'm', 'interval.ms', '1000', 'clients are not asked for their metrics'],
] as const)(
  'a setting without effect is refused while brokers run, in words: %i %s %s=%s',
  (...[resourceType, resourceName, name, value, reason]) => {
    const controller = withTopic();
    const set = { resourceType, resourceName, configs: [{ name, configOperation: configOperations.set, value }] };
    const [answer] = decideIncrementalConfigs(controller.view(), [set], false).answer;
    expect(answer).toMatchObject({ errorCode: errorCodes.INVALID_CONFIG, errorMessage: expect.stringContaining(reason) });
    const replaced = { ...set, configs: [{ name, value }] };
    expect(decideReplacingConfigs(controller.view(), [replaced], false).answer[0]?.errorCode).toBe(errorCodes.INVALID_CONFIG);
  },
);

test('its default may be written down, so that a tool which sends every config back is not refused', () => {
  const controller = withTopic();
  expect(alter(controller, [{ name: 'preallocate', configOperation: set, value: 'FALSE' }])).toBe(0);
  expect(alter(controller, [{ name: 'local.retention.ms', configOperation: set, value: '-2' }])).toBe(0);
});

describe('the documentation of configs', () => {
  const tables = [
    [2, topicConfigs],
    [4, brokerConfigs],
    [4, dynamicBrokerConfigs],
    [4, ownBrokerConfigs],
    [16, clientMetricsConfigs],
    [32, groupConfigs],
  ] as const;

  test.each(tables)('of type %i is there for every config, a sentence each', (resourceType, table) => {
    for (const { name } of table.values()) expect(documentationOf(resourceType, name), name).toMatch(/^[A-Z].+\.$/);
  });

  test('says of every config without effect that it has none, and of no other', () => {
    for (const [resourceType, table] of tables) {
      for (const { name } of table.values())
        expect(documentationOf(resourceType, name)?.includes('Has no effect here')).toBe(withoutEffect(resourceType, name) !== null);
    }
  });
});

const oraclePath = fileURLToPath(new URL('../../../../../shared/reference/kafka-configs.json', import.meta.url));
interface OracleRow {
  readonly name: string;
  readonly type: string;
  readonly default: string | null;
  readonly readOnly: boolean;
  readonly sensitive: boolean;
  readonly synonyms: readonly string[];
}

describe.skipIf(!existsSync(oraclePath))(
  'against what Apache Kafka 4.3.1 reports (skipped: ../shared/reference/kafka-configs.json is not on this machine)',
  () => {
    const oracle = existsSync(oraclePath) ? (JSON.parse(readFileSync(oraclePath, 'utf8')) as Record<string, readonly OracleRow[]>) : {};
    test.each([
      ['broker', brokerConfigs],
      ['topic', topicConfigs],
      ['group', groupConfigs],
      ['clientMetrics', clientMetricsConfigs],
    ] as const)('%s configs: every name, type, default, read-only and sensitive flag', (kind, table) => {
      const ours = [...table.values()].map((config) => ({
        name: config.name,
        type: config.type.toUpperCase(),
        default: config.default,
        readOnly: !config.isDynamic,
        sensitive: isSensitive(config),
      }));
      expect(ours).toEqual(oracle[kind]?.map(({ synonyms: _synonyms, ...row }) => row));
    });
  },
);
