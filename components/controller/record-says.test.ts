import { expect, test } from 'vitest';
import { saysOf } from './record-says.ts';

const names = { 'TIqJ-x': 'orders' };

test('a topic is told by its name, and what a record leaves as it was is not told at all', () => {
  const fields = JSON.stringify({ partitionId: 3, topicId: 'TIqJ-x', isr: [1, 2], leader: -2, removingReplicas: [], directories: [] });
  expect(saysOf(fields, names)).toBe('partitionId 3, topic orders, isr 1 2');
});

test('a topic that is gone keeps its id', () => {
  expect(saysOf(JSON.stringify({ topicId: 'gone' }), names)).toBe('topicId gone');
});

test('voters are told by their ids', () => {
  expect(saysOf(JSON.stringify({ version: 0, leaderId: 2, grantingVoters: [{ voterId: 2 }, { voterId: 3 }] }), names)).toBe(
    'leaderId 2, grantingVoters 2 3',
  );
});

test('a record too long to be whole is shown as it came', () => {
  expect(saysOf('{"features":[{"na…', names)).toBe('{"features":[{"na…');
});
