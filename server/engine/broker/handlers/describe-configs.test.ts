// DescribeConfigs of a broker through real frames: the node as it is, and what each config is for (KIP-569).

import { afterEach, expect, test } from 'vitest';
import { describeConfigsApi } from '#engine/protocol/apis/32-describe-configs.ts';
import type { ResponseOf } from '#engine/protocol/schema.ts';
import { brokerFixture, type BrokerFixture } from '../testing/broker-fixture.ts';

const opened: BrokerFixture[] = [];
const staticBroker = 4;
const ofBroker = 4;

afterEach(() => {
  for (const fixture of opened.splice(0)) fixture.remove();
});

type Described = ResponseOf<typeof describeConfigsApi>['results'][number]['configs'][number];

async function describeBroker(version: number, includeDocumentation: boolean): Promise<ReadonlyMap<string, Described>> {
  const fixture = brokerFixture({
    settings: {
      listeners: 'INTERNAL://127.0.0.1:9092,EXTERNAL://0.0.0.0:19092,QUORUM://127.0.0.1:9192',
      'advertised.listeners': 'EXTERNAL://example.org:19092',
      'controller.listener.names': 'QUORUM',
      'inter.broker.listener.name': 'INTERNAL',
    },
  });
  opened.push(fixture);
  const resources = [{ resourceType: ofBroker, resourceName: '1', configurationKeys: null }];
  const answer = await fixture.ask(describeConfigsApi, version, {
    resources,
    includeSynonyms: true,
    includeDocumentation,
  });
  return new Map(answer.results[0]?.configs.map((config) => [config.name, config]));
}

test('a broker tells what the node is, as its operator said it', async () => {
  const described = await describeBroker(4, false);
  const values = ['node.id', 'broker.id', 'process.roles', 'listeners', 'advertised.listeners', 'controller.listener.names'];
  expect([...values, 'inter.broker.listener.name', 'controller.quorum.voters'].map((name) => described.get(name)?.value)).toEqual([
    '1',
    '1',
    'broker,controller',
    'INTERNAL://127.0.0.1:9092,EXTERNAL://0.0.0.0:19092,QUORUM://127.0.0.1:9192',
    'INTERNAL://127.0.0.1:9092,EXTERNAL://example.org:19092',
    'QUORUM',
    'INTERNAL',
    '1@127.0.0.1:9192',
  ]);
  for (const name of [...values, 'log.dirs']) expect(described.get(name)?.configSource, name).toBe(staticBroker);
  expect(described.get('log.dirs')?.value).not.toBe('');
});

test('where the default here is not that of Kafka, the one in force is described', async () => {
  expect((await describeBroker(4, false)).get('offsets.topic.replication.factor')).toMatchObject({
    value: '1',
    configSource: staticBroker,
  });
});

test.each([
  [3, true, true],
  [4, true, true],
  [4, false, false],
])('version %i, asked for documentation: %s, every config has it: %s', async (version, isAsked, hasDocumentation) => {
  const described = await describeBroker(version, isAsked);
  expect(described.size).toBeGreaterThan(300);
  for (const { name, documentation } of described.values()) expect(documentation !== null, name).toBe(hasDocumentation);
});
