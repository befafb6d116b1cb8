import { expect, test } from 'vitest';
import { allApis } from '#engine/protocol/apis/index.ts';
import { requestKinds, requestName } from './request-kinds.ts';

test("every kind has Kafka's own key and name", () => {
  const names = new Map(allApis.map((api) => [api.key, api.name]));
  expect(requestKinds.map(({ key }) => names.get(key))).toEqual(requestKinds.map(({ name }) => name));
});

test('a kind that the list lacks is told by its key', () => expect(requestName(32_000)).toBe('API 32000'));
