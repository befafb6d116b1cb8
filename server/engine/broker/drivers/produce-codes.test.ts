// Every sound and unsound batch is answered as Apache Kafka answers the same bytes, or otherwise for a reason that is written down.

import { afterEach, describe, expect, test } from 'vitest';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { errorName } from '#engine/protocol/error-codes.ts';
import { brokerFixture, type BrokerFixture } from '../testing/broker-fixture.ts';
import { differences, kafkaAnswers } from '../testing/produce-answers.ts';
import { produceCases, type ProduceCase } from '../testing/produce-cases.ts';

const opened: BrokerFixture[] = [];
afterEach(() => {
  for (const fixture of opened.splice(0)) fixture.remove();
});

async function answerTo({ records, topicConfigs = {}, version = 9, transactionalId }: ProduceCase) {
  const fixture = brokerFixture();
  opened.push(fixture);
  // Some batches are an hour older than the clock.
  fixture.time.advance(7_200_000);
  fixture.metadata.createTopic('t');
  for (const [name, value] of Object.entries(topicConfigs)) fixture.metadata.setConfig({ kind: 'topic', name: 't' }, name, value);
  const partitionData = [{ index: 0, records: records(fixture.time.nowMs()) }];
  const topicData = [{ name: 't', partitionData }];
  const response = await fixture.ask(produceApi, version, {
    transactionalId: transactionalId ?? null,
    acks: 1,
    timeoutMs: 1_000,
    topicData,
  });
  const { errorCode, recordErrors } = response.responses[0]!.partitionResponses[0]!;
  const logEndOffset = fixture.driver.replicas()[0]!.logEndOffset;
  return { answer: [errorName(errorCode), ...recordErrors.map(({ batchIndex }) => batchIndex)].join(' '), logEndOffset };
}

describe('a produce of', () => {
  test.each(produceCases)('$name', async (each) => {
    const { answer, logEndOffset } = await answerTo(each);
    expect(answer).toBe(differences[each.name]?.answer ?? kafkaAnswers[each.name]);
    expect(logEndOffset > 0).toBe(answer === 'NONE');
  });
});

test('every answer belongs to a batch, and every difference is one', () => {
  expect(Object.keys(kafkaAnswers).toSorted()).toEqual(produceCases.map(({ name }) => name).toSorted());
  for (const [name, { answer }] of Object.entries(differences)) expect(kafkaAnswers[name]).not.toBe(answer);
});
