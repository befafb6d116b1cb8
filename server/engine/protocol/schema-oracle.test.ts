// Every schema of this room against Apache Kafka's own description of it: field by field, version by version.
// Wrong order, type, nullability, tag or default of a single field would make us unreadable to some client.

import { describe, expect, test } from 'vitest';
import { allApis } from './apis/index.ts';
import { errorCodes, errorName, isRetriable } from './error-codes.ts';
import { everyVersion } from './testing/arbitrary.ts';
import {
  hasOracle,
  kafkaIgnorable,
  kafkaRange,
  kafkaRows,
  ourIgnorable,
  ourRows,
  readAdvertised,
  readErrorCodes,
  readOracle,
  whyNoOracle,
  type KafkaMessage,
} from './testing/kafka-oracle.ts';
import { apiMessages, recordMessages } from './testing/messages.ts';

const oracle: ReadonlyMap<string, KafkaMessage> = hasOracle ? readOracle() : new Map();
const messages = [...apiMessages, ...recordMessages];

/** Kafka's description of one of our messages; fails the test when there is none. */
function described(name: string): KafkaMessage {
  const found = oracle.get(name);
  if (found === undefined) throw new Error(`Kafka has no message ${name}`);
  return found;
}

describe.skipIf(!hasOracle)(`schemas are Kafka's${hasOracle ? '' : ` (skipped: ${whyNoOracle})`}`, () => {
  test.each(everyVersion(messages))("%s has Kafka's fields in Kafka's order", (_, message, version) => {
    expect(ourRows(message, version)).toEqual(kafkaRows(described(message.name), version));
  });

  test.each(messages.map((message) => [message.name, message] as const))(
    "%s has Kafka's versions and ignorable fields",
    (name, message) => {
      const kafka = described(name);
      expect(message.versions).toEqual(kafkaRange(kafka.validVersions));
      expect(message.flexible).toEqual(kafkaRange(kafka.flexibleVersions));
      expect(ourIgnorable(message)).toEqual(kafkaIgnorable(kafka));
      if ('type' in message) expect(message.type).toBe(kafka.apiKey);
    },
  );

  test('no request that Kafka still serves is missing, and keys and listeners agree', () => {
    const alive = [...oracle.values()].filter((message) => message.type === 'request' && message.validVersions !== 'none');
    const expected = alive.map((message) => `${message.apiKey} ${message.name} ${message.listeners?.join()}`);
    expect(allApis.map((api) => `${api.key} ${api.request.name} ${api.listeners.join()}`).toSorted()).toEqual(expected.toSorted());
  });

  test('no record of the metadata log, and no record of a classic or consumer group, is missing', () => {
    const ours = new Set(recordMessages.map((message) => message.name));
    const kept = [...oracle.values()].filter(
      (message) =>
        (message.type === 'metadata' && !message.name.startsWith('Remote')) ||
        (message.type.startsWith('coordinator') && !/^(Share|Streams)/.test(message.name)),
    );
    expect(kept.map((message) => message.name).filter((name) => !ours.has(name))).toEqual([]);
  });

  test('advertised ranges are what a real 4.3.1 broker says', () => {
    const ours = allApis.map((api) => `${api.key} ${api.name} ${api.advertised.min}-${api.advertised.max}`);
    expect(readAdvertised().filter((line) => !ours.includes(line))).toEqual([]);
  });

  test("error codes, names and retriable flags are Kafka's", () => {
    const ours = Object.values(errorCodes).map((code) => ({ code, name: errorName(code), retriable: isRetriable(code) }));
    expect(ours).toEqual(readErrorCodes());
  });
});
