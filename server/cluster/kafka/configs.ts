// Configs of topics and brokers, read and changed.

import type { Connection } from '#engine/client/connection.ts';
import { throwUnlessNone } from '#engine/client/errors.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { sharedVersion } from '#engine/client/negotiation.ts';
import { describeConfigsApi } from '#engine/protocol/apis/32-describe-configs.ts';
import { incrementalAlterConfigsApi } from '#engine/protocol/apis/44-incremental-alter-configs.ts';
import type { ResponseOf } from '#engine/protocol/schema.ts';
import type { ConfigEntry } from '../port.ts';

const topicType = 2;
const brokerType = 4;
const setOperation = 0;
const deleteOperation = 1;
const firstDocumentedVersion = 3;

type ConfigSource = ConfigEntry['source'];
/** Kafka's numbers for where a value comes from. */
const sources: Readonly<Record<number, ConfigSource>> = {
  1: 'topic',
  2: 'dynamic-broker',
  3: 'dynamic-default',
  4: 'static-broker',
  5: 'default',
  8: 'group',
};

export async function topicConfigs(client: KafkaClient, topic: string): Promise<readonly ConfigEntry[]> {
  return entriesOf(await ask(await client.anyConnection(), { resourceType: topicType, names: [topic], keys: null }), `configs of ${topic}`);
}

/** A broker's own configs are asked of that broker: the static ones are known nowhere else. */
export async function brokerConfigs(client: KafkaClient, brokerId: number): Promise<readonly ConfigEntry[]> {
  const connection = await client.connectionTo(brokerId);
  return entriesOf(
    await ask(connection, { resourceType: brokerType, names: [String(brokerId)], keys: null }),
    `configs of broker ${brokerId}`,
  );
}

/** One config of many topics, by topic; topics that don't tell are absent. */
export async function configOfTopics(client: KafkaClient, topics: readonly string[], key: string): Promise<ReadonlyMap<string, string>> {
  const answer = await ask(await client.anyConnection(), { resourceType: topicType, names: topics, keys: [key] });
  return new Map(
    answer.results.flatMap((result) => {
      const value = result.errorCode === 0 ? result.configs.find((config) => config.name === key)?.value : null;
      return value == null ? [] : [[result.resourceName, value] as const];
    }),
  );
}

export async function alterTopicConfig(
  client: KafkaClient,
  topic: string,
  change: { readonly key: string; readonly value: string | null },
): Promise<void> {
  const configs = [{ name: change.key, configOperation: change.value === null ? deleteOperation : setOperation, value: change.value }];
  const answer = await client.toController(incrementalAlterConfigsApi, {
    resources: [{ resourceType: topicType, resourceName: topic, configs }],
    validateOnly: false,
  });
  for (const response of answer.responses) throwUnlessNone(response.errorCode, `${change.key} of ${topic}`, response.errorMessage);
}

interface Question {
  readonly resourceType: number;
  readonly names: readonly string[];
  /** null asks for all, with their documentation where the broker has it. */
  readonly keys: readonly string[] | null;
}

function ask(connection: Connection, { resourceType, names, keys }: Question): Promise<Answer> {
  const hasDocumentation = (sharedVersion(describeConfigsApi, connection.abilities) ?? 0) >= firstDocumentedVersion;
  const resources = names.map((resourceName) => ({ resourceType, resourceName, configurationKeys: keys }));
  return connection.send(describeConfigsApi, {
    resources,
    includeSynonyms: false,
    includeDocumentation: hasDocumentation && keys === null,
  });
}

type Answer = ResponseOf<typeof describeConfigsApi>;

function entriesOf(answer: Answer, about: string): readonly ConfigEntry[] {
  const [result] = answer.results;
  if (result === undefined) return [];
  throwUnlessNone(result.errorCode, about, result.errorMessage);
  return result.configs.map(toEntry).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function toEntry(config: Answer['results'][number]['configs'][number]): ConfigEntry {
  return {
    name: config.name,
    value: config.isSensitive ? null : config.value,
    source: sources[config.configSource] ?? 'unknown',
    isReadOnly: config.readOnly,
    isSensitive: config.isSensitive,
    documentation: config.documentation === '' ? null : config.documentation,
  };
}
