import { expect, test } from 'vitest';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { Interception } from './intercept.ts';
import { brokerFixture } from './testing/broker-fixture.ts';
import { textBatch } from './testing/partition-fixture.ts';

test('an order strikes once, and telling the list again does not bring it back', () => {
  const interception = new Interception();
  const order = { ruleId: 'a', apiKey: 3, what: 'request' as const };
  interception.arm([order]);
  expect(interception.strike(3, 'response')).toBeUndefined();
  expect(interception.strike(1, 'request')).toBeUndefined();
  expect(interception.strike(3, 'request')).toEqual(order);
  interception.arm([order, { ...order, ruleId: 'b' }]);
  expect(interception.strike(3, 'request')?.ruleId).toBe('b');
  expect(interception.strike(3, 'request')).toBeUndefined();
});

test('an order that was withdrawn does nothing', () => {
  const interception = new Interception();
  interception.arm([{ ruleId: 'a', apiKey: 3, what: 'request' }]);
  interception.arm([]);
  expect(interception.strike(3, 'request')).toBeUndefined();
});

const records = textBatch(['a']);
const produceOne = { transactionalId: null, acks: 1, timeoutMs: 1000, topicData: [{ name: 't', partitionData: [{ index: 0, records }] }] };

test('a dropped request is not handled; a dropped answer was', async () => {
  const fixture = brokerFixture();
  fixture.metadata.createTopic('t');
  fixture.broker.interception.arm([
    { ruleId: 'lost on the way', apiKey: 0, what: 'request' },
    { ruleId: 'lost on the way back', apiKey: 0, what: 'response' },
  ]);
  const logEnd = () => fixture.driver.readLocal({ topic: 't', partition: 0 }, 0, 100)?.logEndOffset;
  await expect(fixture.ask(produceApi, 9, produceOne)).rejects.toThrow('no answer');
  expect(logEnd()).toBe(0);
  await expect(fixture.ask(produceApi, 9, produceOne)).rejects.toThrow('no answer');
  expect(logEnd()).toBe(1);
  // The connection lives, and what comes next is answered.
  expect((await fixture.ask(metadataApi, 9, { topics: null })).topics).toHaveLength(1);
  expect(fixture.facts.filter(({ kind }) => kind === 'dropped')).toMatchObject([{ what: 'request' }, { what: 'response' }]);
  fixture.remove();
});
